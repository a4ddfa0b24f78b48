package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final ForecasterSpec SPEC = new ForecasterSpec("any", "1", 24, 2, 1, List.of());

  /** A ramp: the value of every row is its number. */
  private static SplitSeries ramp() {
    double[] values = new double[400];
    for (int row = 0; row < values.length; row++) {
      values[row] = row;
    }
    TimeSeries series = new TimeSeries(List.of("ramp"), 0, Duration.ofHours(1), values);
    return SplitSeries.of(series, new Split(100, 50, 200));
  }

  @Test
  void shouldCountEveryWindowOnceAndErrorsExactly() {
    SplitSeries data = ramp();
    List<Integer> origins = new ArrayList<>();
    Accuracy accuracy;
    try (SeasonalNaive last = new SeasonalNaive(SPEC, 1)) {
      accuracy =
          new Evaluation(data, Split.Part.TEST)
              .accuracy(
                  last,
                  (origin, points) -> {
                    assertThat(points).containsExactly(origin.row(), origin.row());
                    origins.add(origin.row());
                  });
    }
    // Repeat-last is off by 1 and 2 on a ramp.
    assertThat(accuracy.windows()).isEqualTo(199);
    assertThat(accuracy.mae()).isEqualTo(1.5);
    assertThat(accuracy.mse()).isEqualTo(2.5);
    double deviation = data.scaler().deviation()[0];
    assertThat(deviation).isCloseTo(Math.sqrt((100.0 * 100 - 1) / 12), within(1e-9));
    assertThat(accuracy.scaledMae()).isCloseTo(1.5 / deviation, within(1e-12));
    assertThat(accuracy.scaledMse()).isCloseTo(2.5 / deviation / deviation, within(1e-12));
    assertThat(accuracy.mase())
        .as("a day makes 24 on the training rows")
        .isCloseTo(1.5 / 24, within(1e-12));
    assertThat(origins).hasSize(199).startsWith(149).endsWith(347).isSorted();
  }

  @Test
  void shouldMeasureTheBaselinesThatTheContextHasRoomFor() {
    Map<String, Accuracy> baselines = new Evaluation(ramp(), Split.Part.VALIDATION).baselines(SPEC);
    assertThat(baselines)
        .containsOnlyKeys("repeat last", "daily seasonal naive", "ridge over 24 lags");
    assertThat(baselines.get("daily seasonal naive").mae()).isEqualTo(24);
  }

  /** A model looks back further than ridge does, which then needs fewer rows to learn from. */
  @Test
  void shouldHaveRidgeBesideAModelOfALongContext() {
    double[] values = new double[2_000];
    for (int row = 0; row < values.length; row++) {
      values[row] = Math.sin(row * Math.PI / 12) + row % 7;
    }
    TimeSeries series = new TimeSeries(List.of("wave"), 0, Duration.ofHours(1), values);
    SplitSeries data = SplitSeries.of(series, new Split(900, 100, 1_000));
    ForecasterSpec spec = new ForecasterSpec("long", "1", 950, 2, 1, List.of());
    assertThat(new Evaluation(data, Split.Part.TEST).baselines(spec))
        .containsKey("ridge over 672 lags");
  }

  @Test
  void shouldSayWhichSeasonMaseHas() {
    TimeSeries hourly = ramp().series();
    assertThat(season(hourly, 25)).isEqualTo(24);
    assertThat(season(hourly, 24)).as("no day to compare with").isEqualTo(1);
    TimeSeries daily = new TimeSeries(List.of("ramp"), 0, Duration.ofDays(1), hourly.values());
    assertThat(season(daily, 100)).isEqualTo(7);
    for (Duration step : List.of(Duration.ofHours(5), Duration.ofDays(2))) {
      TimeSeries series = new TimeSeries(List.of("ramp"), 0, step, hourly.values());
      assertThat(season(series, 100)).as("%s", step).isEqualTo(1);
    }
  }

  @Test
  void shouldDivideByOneWhereTheNaiveMakesNoErrorButRounding() {
    double[] values = new double[400];
    for (int row = 0; row < values.length; row++) {
      values[row] = Math.sin(row * Math.PI / 12) + (row >= 150 ? row % 5 : 0);
    }
    TimeSeries series = new TimeSeries(List.of("wave"), 0, Duration.ofHours(1), values);
    SplitSeries data = SplitSeries.of(series, new Split(100, 50, 200));
    try (SeasonalNaive last = new SeasonalNaive(SPEC, 1)) {
      Accuracy accuracy = new Evaluation(data, Split.Part.TEST).accuracy(last);
      assertThat(accuracy.mase()).isEqualTo(accuracy.mae());
    }
  }

  private static int season(TimeSeries series, int trainingRows) {
    SplitSeries data = SplitSeries.of(series, new Split(trainingRows, 50, 100));
    return new Evaluation(data, Split.Part.TEST).maseSeason();
  }

  @Test
  void shouldMeasureAModelOfOneChannelOnEachChannel() {
    double[] values = new double[3 * 400];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 3 + 1) * Math.sin(i / 3 * 0.7) + i % 3 * i;
    }
    TimeSeries series = new TimeSeries(List.of("a", "b", "c"), 0, Duration.ofHours(1), values);
    Evaluation evaluation =
        new Evaluation(SplitSeries.of(series, new Split(100, 50, 200)), Split.Part.TEST);
    ForecasterSpec joint = new ForecasterSpec("any", "1", 24, 2, 3, List.of());
    List<float[]> together = new ArrayList<>();
    List<float[]> apart = new ArrayList<>();
    Accuracy expected;
    Accuracy accuracy;
    try (SeasonalNaive three = new SeasonalNaive(joint, 5);
        SeasonalNaive one = new SeasonalNaive(SPEC, 5)) {
      expected = evaluation.accuracy(three, (origin, points) -> together.add(points.clone()));
      accuracy = evaluation.accuracy(one, (origin, points) -> apart.add(points.clone()));
    }
    assertThat(evaluation.targets(SPEC)).isEqualTo(evaluation.targets(joint));
    assertThat(apart).hasSize(199).usingElementComparator(Arrays::compare).isEqualTo(together);
    assertThat(accuracy.windows()).isEqualTo(3 * expected.windows());
    assertThat(accuracy.scaledMse()).isCloseTo(expected.scaledMse(), withinPercentage(1e-9));
    assertThat(accuracy.mase()).isCloseTo(expected.mase(), withinPercentage(1e-9));
    assertThat(accuracy.crps()).isCloseTo(expected.crps(), withinPercentage(1e-9));
  }

  @Test
  void shouldGiveTheNewestCellsAloneAtTheSameOrigins() {
    Evaluation evaluation = new Evaluation(ramp(), Split.Part.TEST);
    List<Integer> origins = new ArrayList<>();
    try (Forecaster first = new FirstKnown(true)) {
      Accuracy accuracy =
          evaluation
              .withContext(3)
              .accuracy(
                  first,
                  (origin, points) -> {
                    assertThat(points).containsExactly(origin.row() - 2, origin.row() - 2);
                    origins.add(origin.row());
                  });
      assertThat(accuracy.mae()).isEqualTo(3.5);
      assertThat(evaluation.accuracy(first).mae()).isEqualTo(23 + 1.5);
      assertThat(evaluation.withContext(24).accuracy(first)).isEqualTo(evaluation.accuracy(first));
    }
    assertThat(origins).hasSize(199).startsWith(149).endsWith(347).isSorted();
    assertThat(evaluation.withContext(3).baselines(SPEC)).isEqualTo(evaluation.baselines(SPEC));
  }

  @Test
  void shouldRefuseContextsThatTheModelDoesNotTake() {
    Evaluation evaluation = new Evaluation(ramp(), Split.Part.TEST);
    try (Forecaster padding = new FirstKnown(true);
        Forecaster other = new FirstKnown(false)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> evaluation.withContext(25).accuracy(padding))
          .withMessage("context must be within 1..24: context=25");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> evaluation.withContext(0).accuracy(padding))
          .withMessage("context must be within 1..24: context=0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> evaluation.withContext(12).accuracy(other))
          .withMessage(
              "context must be left out, since first takes no shorter one than its 24 cells:"
                  + " context=12");
    }
  }

  /** Repeats the oldest value that it is given. */
  private record FirstKnown(ForecasterSpec spec) implements Forecaster {

    FirstKnown(boolean leftPadding) {
      this(
          new ForecasterSpec(
              "first", "1", 24, 2, 1, List.of(0), ForecasterInputs.NONE, List.of(), leftPadding));
    }

    @Override
    public void forecast(WindowBatch windows, ForecastBatch forecasts) {
      forecasts.resize(windows.size());
      float[] context = new float[24];
      for (int row = 0; row < windows.size(); row++) {
        windows.context(row, context);
        int first = 0;
        while (Float.isNaN(context[first])) {
          first++;
        }
        forecasts.setPoints(row, new float[] {context[first], context[first]});
      }
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  @Test
  void shouldMeasureTheTargetsAndTheirQuantiles() {
    double[] values = new double[2 * 400];
    for (int row = 0; row < 400; row++) {
      values[2 * row] = -1000;
      values[2 * row + 1] = row;
    }
    TimeSeries series = new TimeSeries(List.of("known", "ramp"), 0, Duration.ofHours(1), values);
    Evaluation evaluation =
        new Evaluation(SplitSeries.of(series, new Split(100, 50, 200)), Split.Part.TEST);
    Accuracy accuracy;
    try (Forecaster forecaster = new OffByOne()) {
      accuracy = evaluation.accuracy(forecaster);
    }
    assertThat(accuracy.windows()).isEqualTo(199);
    assertThat(accuracy.mae()).isEqualTo(1);
    assertThat(accuracy.mase()).isCloseTo(1.0 / 24, within(1e-12));
    // Targets are 150 and 151, 151 and 152 ... 348 and 349; quantiles 3 below and 1 above them.
    double actuals = 199 * 249 + 199 * 250;
    assertThat(accuracy.crps())
        .isCloseTo(2 * 398 * (0.2 * 3 + 0.2 * 1) / 2 / actuals, within(1e-9));
    assertThat(accuracy.coverage()).isEqualTo(1);
  }

  /** Forecasts one more than the ramp, the second of two channels, will be. */
  private static final class OffByOne implements Forecaster {
    private static final ForecasterSpec SPEC =
        new ForecasterSpec(
            "off", "1", 4, 2, 2, List.of(1), ForecasterInputs.NONE, List.of(0.2, 0.8));

    @Override
    public ForecasterSpec spec() {
      return SPEC;
    }

    @Override
    public void forecast(WindowBatch windows, ForecastBatch forecasts) {
      forecasts.resize(windows.size());
      float[] context = new float[SPEC.contextSize()];
      for (int row = 0; row < windows.size(); row++) {
        windows.context(row, context);
        float last = context[context.length - 1];
        forecasts.setPoints(row, new float[] {last + 2, last + 3});
        forecasts.setQuantiles(row, new float[] {last - 2, last + 2, last - 1, last + 3});
      }
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  @Test
  void shouldReportCrpsBesideThatOfTheBaselinesForAModelWithQuantiles() {
    Accuracy model = new Accuracy(7, 1, 2, 3, 4, 0.5, 0.25, 0.801);
    Accuracy naive = new Accuracy(7, 1, 2, 3, 4, 1, 0.75, Double.NaN);
    ModelReport report =
        new ModelReport(model, Map.of("repeat last", naive), 24, List.of(0.1, 0.9));
    assertThat(report.toTable("any").lines())
        .contains(
            "| forecaster            |       MSE |       MAE |      MASE |      CRPS |        MSE raw |      MAE raw |",
            "| any                   |   3.00000 |   4.00000 |   0.50000 |   0.25000 |          1.000 |        2.000 |",
            "| repeat last           |   3.00000 |   4.00000 |   1.00000 |   0.75000 |          1.000 |        2.000 |",
            "MASE: MAE by that of the seasonal naive of 24 steps on the training rows.",
            "Between the quantiles 0.1 and 0.9 lay 80.1 % of the actual values.");
    assertThat(report.toMap("data.csv"))
        .containsEntry("mase", 0.5)
        .containsEntry("maseSeason", 24)
        .containsEntry("crps", 0.25)
        .containsEntry("coverage", 0.801);
    ModelReport points = new ModelReport(model, Map.of("repeat last", naive), 1, List.of());
    assertThat(points.toTable("any")).contains("of 1 step on").doesNotContain("CRPS", "quantiles");
    assertThat(points.toMap("data.csv")).containsKey("mase").doesNotContainKey("crps");
  }
}
