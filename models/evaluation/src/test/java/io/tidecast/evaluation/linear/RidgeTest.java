package io.tidecast.evaluation.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.LinearConfig;
import io.tidecast.evaluation.Accuracy;
import io.tidecast.evaluation.Evaluation;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The linear forecaster in closed form. */
class RidgeTest {

  private static final int LAGS = 24;
  private static final int STEPS = 6;

  private static LinearConfig config(int channels, boolean individual, boolean calendar) {
    return new LinearConfig(channels, LAGS, STEPS, individual, calendar, "h");
  }

  private static ForecasterSpec spec(int channels) {
    return new ForecasterSpec(
        "m",
        "1",
        LAGS,
        STEPS,
        channels,
        IntStream.range(0, channels).boxed().toList(),
        ForecasterInputs.NONE,
        List.of(),
        false,
        STEPS);
  }

  /** Two waves and noise; the second channel is ten times as large, and upside down. */
  private static SplitSeries waves(int rows, double noise) {
    Random random = new Random(3);
    double[] values = new double[rows * 2];
    for (int row = 0; row < rows; row++) {
      double wave = Math.sin(2 * Math.PI * row / 12) + 0.5 * Math.cos(2 * Math.PI * row / 7);
      values[row * 2] = wave + noise * random.nextGaussian();
      values[row * 2 + 1] = 100 - 10 * wave + 10 * noise * random.nextGaussian();
    }
    return SplitSeries.of(
        new TimeSeries(List.of("a", "b"), 0, Duration.ofHours(1), values),
        new Split(rows - 400, 200, 200));
  }

  @Test
  void shouldFindARuleThatHoldsExactly() {
    SplitSeries data = waves(1_000, 0);
    try (RidgeForecaster ridge = RidgeForecaster.beside(spec(2), SplitSet.of(data))) {
      Accuracy accuracy = new Evaluation(data, Split.Part.TEST).accuracy(ridge);
      assertThat(accuracy.scaledMse()).isLessThan(1e-9);
    }
  }

  /** The sums say the same of the validation rows as forecasting all of them does. */
  @Test
  void shouldKnowHowGoodItIs() {
    SplitSeries data = waves(1_000, 0.2);
    try (RidgeForecaster forecaster = RidgeForecaster.beside(spec(2), SplitSet.of(data))) {
      Ridge ridge = Ridge.fit(SplitSet.of(data), config(2, false, false));
      double seen = new Evaluation(data, Split.Part.VALIDATION).accuracy(forecaster).scaledMse();
      assertThat(ridge.validationLoss()).isCloseTo(seen, within(1e-5 * seen));
      assertThat(seen).isBetween(0.04, 0.1);
    }
  }

  /** No other weights have less squared error and penalty together. */
  @Test
  void shouldHaveTheLeastSquares() {
    Random random = new Random(5);
    NormalEquations sums = new NormalEquations(4, 2);
    double[][] rows = new double[50][6];
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = i == 3 ? 1 : random.nextGaussian();
      }
      System.arraycopy(row, 0, sums.row(), 0, row.length);
      sums.add();
    }
    double[] weights = sums.solve(0.5);
    double mean = 0;
    for (double[] row : rows) {
      for (int i = 0; i < 4; i++) {
        mean += row[i] * row[i] / 4;
      }
    }
    double least = penalised(rows, weights, 0.5 * mean);
    assertThat(sums.squaredErrors(weights)).isCloseTo(penalised(rows, weights, 0), within(1e-9));
    for (int i = 0; i < weights.length; i++) {
      for (double step : new double[] {-1e-3, 1e-3}) {
        double[] moved = weights.clone();
        moved[i] += step;
        assertThat(penalised(rows, moved, 0.5 * mean)).isGreaterThan(least);
      }
    }
  }

  private static double penalised(double[][] rows, double[] weights, double penalty) {
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      sum += penalty * weights[i] * weights[i];
    }
    for (double[] row : rows) {
      for (int outcome = 0; outcome < 2; outcome++) {
        double error = -row[4 + outcome];
        for (int term = 0; term < 4; term++) {
          error += row[term] * weights[term * 2 + outcome];
        }
        sum += error * error;
      }
    }
    return sum;
  }

  @Test
  void shouldHaveWeightsForEachChannelWhereAsked() {
    SplitSeries data = waves(1_000, 0.2);
    Map<String, Tensor> shared = Ridge.fit(SplitSet.of(data), config(2, false, true)).tensors();
    assertThat(shared).containsOnlyKeys("linear.weight", "linear.bias", "calendar.weight");
    assertThat(shared.get("linear.weight").shape()).containsExactly(STEPS, LAGS);
    Ridge both = Ridge.fit(SplitSet.of(data), config(2, true, true));
    Map<String, Tensor> individual = both.tensors();
    assertThat(individual)
        .containsOnlyKeys(
            "linears.0.weight",
            "linears.0.bias",
            "linears.1.weight",
            "linears.1.bias",
            "calendar.weight");
    assertThat(individual.get("calendar.weight").shape()).containsExactly(2 * STEPS, 7);
    // A channel by itself has the weights that it has beside another, at the same penalty.
    Ridge alone = Ridge.fit(SplitSet.of(data), config(1, false, true), new int[] {1});
    if (alone.penalty() == both.penalty()) {
      assertThat(individual.get("linears.1.weight").floats())
          .containsExactly(alone.tensors().get("linear.weight").floats(), within(1e-6f));
    } else {
      assertThat(alone.validationLoss()).isPositive();
    }
  }

  @Test
  void shouldForecastASeriesThatNeverChanges() {
    double[] values = new double[1_000];
    java.util.Arrays.fill(values, 7);
    SplitSeries data =
        SplitSeries.of(
            new TimeSeries(List.of("a"), 0, Duration.ofHours(1), values), new Split(600, 200, 200));
    try (RidgeForecaster ridge = RidgeForecaster.beside(spec(1), SplitSet.of(data))) {
      assertThat(new Evaluation(data, Split.Part.TEST).accuracy(ridge).mae())
          .isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void shouldNeedAWindowInEachPart() {
    SplitSeries data = waves(430, 0.2);
    SplitSeries little = SplitSeries.of(data.series(), new Split(20, 205, 205));
    assertThatThrownBy(() -> Ridge.fit(SplitSet.of(little), config(2, false, false)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train");
  }
}
