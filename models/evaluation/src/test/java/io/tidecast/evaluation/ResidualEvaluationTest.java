package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResidualEvaluationTest {
  private static final int ROWS = 3000;
  private static final Split SPLIT = new Split(1000, 500, 1500);

  private static List<Residuals> measure(double[] values, Duration step, boolean hasUnit) {
    TimeSeries series = new TimeSeries(List.of("a", "b"), 0, step, values);
    ForecasterSpec spec = new ForecasterSpec("any", "1", 100, 4, 1, List.of());
    try (SeasonalNaive model = new SeasonalNaive(spec, 1)) {
      return new ResidualEvaluation(SplitSeries.of(series, SPLIT), Split.Part.TEST, List.of())
          .measure(model, "walk.csv", hasUnit);
    }
  }

  /**
   * The last value forecasts a random walk: its unit is itself, whatever the size of the series.
   */
  @Test
  void shouldMeasureARandomWalkInItsOwnUnit() {
    double[] values = new double[2 * ROWS];
    Random random = new Random(1);
    for (int i = 2; i < values.length; i++) {
      values[i] = values[i - 2] + (i % 2 == 0 ? 1 : 300) * random.nextGaussian();
    }
    List<Residuals> measured = measure(values, Duration.ofDays(30), true);
    assertThat(measured).hasSize(1);
    Residuals only = measured.get(0);
    assertThat(only.data()).isEqualTo("walk.csv");
    assertThat(only.seasons()).isEmpty();
    assertThat(only.leads()).containsExactly(1, 2, 4);
    assertThat(only.windows()).isEqualTo(2 * (1500 - 3));
    Residuals.Target target = only.targets().get(0);
    assertThat(target.errors().get(0)).isCloseTo(.9, within(.06));
    assertThat(target.growth().get(2)).isCloseTo(2, within(.15));
    int at95 = only.levels().indexOf(.95);
    // Of a normal distribution 1.645 deviations, and .798 is its mean absolute value.
    assertThat(target.quantiles().get(0).get(at95)).isCloseTo(1.645 / .798, within(.15));
    assertThat(target.unit()).isBetween(.7, 300.0);
  }

  /** What repeats itself by day has errors as small as those of the daily naive, in its unit. */
  @Test
  void shouldMeasureInUnitsOfSeasonsThatTheContextHas() {
    double[] values = new double[2 * ROWS];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = 100 * Math.sin(i / 2 * Math.PI / 4) + random.nextGaussian();
    }
    List<Residuals> measured = measure(values, Duration.ofHours(3), false);
    assertThat(measured).extracting(Residuals::seasons).contains(List.of(), List.of("PT24H"));
    double ofTheLast = measured.get(0).targets().get(0).errors().get(2);
    double ofTheDay = measured.get(1).targets().get(0).errors().get(2);
    assertThat(ofTheLast).isCloseTo(1, within(.2));
    assertThat(ofTheDay).isGreaterThan(50);
    assertThat(measured.get(0).targets().get(0).unit()).isNull();
  }

  @Test
  void shouldSayNothingOfWhatNeverMoves() {
    assertThat(measure(new double[2 * ROWS], Duration.ofHours(3), true)).isEmpty();
  }
}
