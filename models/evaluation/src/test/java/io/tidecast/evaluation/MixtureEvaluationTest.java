package io.tidecast.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.context.Fill;
import io.tidecast.runtime.context.GapSettings;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixedSeries;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MixtureEvaluationTest {
  private static final int CONTEXT = 30;
  private static final int HORIZON = 4;
  private static final int ROWS = 1200;
  private static final Split SPLIT = new Split(600, 300, 300);
  private static final ForecasterSpec SPEC =
      new ForecasterSpec("any", "1", CONTEXT, HORIZON, 1, List.of());
  private static final double[] LEVELS = {.05, .1, .2, .25, .3, .4, .5, .6, .7, .75, .8, .9, .95};

  /** Hours of a day, two channels, with noise. */
  private static double[] values() {
    Random random = new Random(1);
    double[] values = new double[2 * ROWS];
    for (int i = 0; i < values.length; i++) {
      int row = i / 2;
      double size = i % 2 == 0 ? 1 : 20;
      values[i] = size * (Math.sin(row * Math.PI / 12) + .3 * random.nextGaussian() + row / 400.0);
    }
    return values;
  }

  private static MixtureReport report(double[] values, Split.Part part) {
    try (SeasonalNaive model = new SeasonalNaive(SPEC, 5)) {
      return new MixtureEvaluation(set(values), part, List.of()).measure(model, List.of());
    }
  }

  private static SplitSet set(double[] values) {
    TimeSeries series = new TimeSeries(List.of("a", "b"), 0, Duration.ofHours(1), values);
    return SplitSet.of(SplitSeries.of(series, SPLIT));
  }

  /** What the report says is added up again, from the rows themselves. */
  @Test
  void shouldMeasureWhatAStreamOfTheRowsGives() {
    double[] values = values();
    MixtureReport report = report(values, Split.Part.TEST);
    double sum = 0;
    int count = 0;
    int held90 = 0;
    for (int channel = 0; channel < 2; channel++) {
      MixedSeries series = new MixedSeries(Leads.upTo(HORIZON), 4, LEVELS);
      float[] mixed = new float[HORIZON];
      float[] quantiles = new float[HORIZON * LEVELS.length];
      for (int origin = CONTEXT - 1; origin + HORIZON < ROWS; origin++) {
        float[][] said = new float[4][HORIZON];
        for (int step = 0; step < HORIZON; step++) {
          float last = at(values, origin, channel);
          double slope = ((double) last - at(values, origin - CONTEXT + 1, channel)) / 29;
          said[0][step] = at(values, origin - 4 + step % 5, channel);
          said[1][step] = at(values, origin - 23 + step, channel);
          said[2][step] = last;
          said[3][step] = (float) (last + slope * (step + 1));
        }
        series.close(origin, at(values, origin, channel));
        series.forecast(said, mixed, quantiles);
        for (int step = 0; step < HORIZON && origin >= 899; step++) {
          float actual = at(values, origin + 1 + step, channel);
          sum += Math.abs((double) mixed[step] - actual);
          count++;
          held90 +=
              step == 0 && quantiles[0] <= actual && actual <= quantiles[LEVELS.length - 1] ? 1 : 0;
        }
      }
    }
    assertThat(report.accuracy().windows()).isEqualTo(2 * (300 - HORIZON + 1));
    assertThat(report.accuracy().mae()).isCloseTo(sum / count, within(1e-9));
    // Its quantiles began with the errors of the naives, of which nothing is left but a trace.
    assertThat(report.held90()[0]).isCloseTo((double) held90 / (count / HORIZON), within(.01));
    assertThat(report.warmUp()).isEqualTo(899 - CONTEXT + 1);
  }

  private static float at(double[] values, int row, int channel) {
    return (float) values[2 * row + channel];
  }

  @Test
  void shouldSayWhatWasMixedAndWhatIntervalsHeld() {
    MixtureReport report = report(values(), Split.Part.TEST);
    assertThat(report.members())
        .containsExactly("the model", "daily seasonal naive", "repeat last", "line");
    assertThat(Arrays.stream(report.weights()).sum()).isCloseTo(1, within(1e-9));
    assertThat(report.weights()[1]).as("the daily naive").isGreaterThan(.6);
    assertThat(report.held90()).hasSize(3);
    for (int lead = 0; lead < 3; lead++) {
      assertThat(report.held90()[lead]).isBetween(.86, .94);
      assertThat(report.held50()[lead]).isBetween(.44, .56);
    }
    assertThat(report.toText())
        .contains("The mixture: the model 0.", ", daily seasonal naive 0.", "| 3 to 4      |");
  }

  /** The first windows of the training rows have nothing before them to learn from. */
  @Test
  void shouldBeginWithoutRowsBefore() {
    assertThat(report(values(), Split.Part.TRAIN).warmUp()).isZero();
  }

  @Test
  void shouldHaveMaseGoByTheSeasonOfTheModel() {
    SplitSet set = set(values());
    try (SeasonalNaive model = new SeasonalNaive(SPEC, 5)) {
      MixtureEvaluation ofTheDay = new MixtureEvaluation(set, Split.Part.TEST, List.of());
      Accuracy byDays = ofTheDay.measure(model, List.of()).accuracy();
      Accuracy byHalfDays = ofTheDay.withSeasons(List.of(12)).measure(model, List.of()).accuracy();

      assertThat(byHalfDays.mae()).isEqualTo(byDays.mae());
      Evaluation evaluation = new Evaluation(set, Split.Part.TEST, List.of());
      // Both channels have the same shape, so that their MASE is as their errors are.
      double ofTheModel =
          evaluation.withSeasons(List.of(12)).accuracy(model).mase()
              / evaluation.accuracy(model).mase();
      assertThat(byHalfDays.mase() / byDays.mase()).isCloseTo(ofTheModel, within(.01));
      assertThat(ofTheModel).isNotCloseTo(1, within(.1));
    }
  }

  /** Those of a few gaps, of more in a row than a context has, and with what a job is told. */
  @Test
  void shouldMeasureTheWindowsOfTheModelWhereSomethingIsMissing() {
    double[] values = values();
    for (int row = 700; row < 705; row++) {
      values[2 * row] = Double.NaN;
    }
    for (int row = 950; row < 950 + 3; row++) {
      values[2 * row] = Double.NaN;
    }
    for (int row = 1000; row < 1000 + 2 * CONTEXT; row++) {
      values[2 * row + 1] = Double.NaN;
    }
    SplitSet set = set(values);
    for (GapSettings gaps :
        List.of(
            GapSettings.DEFAULT,
            new GapSettings(Fill.LINEAR, null, 0, 2, 1_000),
            new GapSettings(Fill.NONE, null, 0, 16, 1_000))) {
      try (SeasonalNaive model = new SeasonalNaive(SPEC, 5)) {
        SplitSet own = set.with(gaps);
        Accuracy ofTheModel = new Evaluation(own, Split.Part.TEST, List.of()).accuracy(model);
        MixtureReport report =
            new MixtureEvaluation(own, Split.Part.TEST, List.of()).measure(model, List.of());

        assertThat(ofTheModel.leftOut().withGaps()).as("%s", gaps).isGreaterThan(2 * CONTEXT);
        assertThat(report.accuracy().leftOut()).as("%s", gaps).isEqualTo(ofTheModel.leftOut());
        assertThat(report.accuracy().windows()).as("%s", gaps).isEqualTo(ofTheModel.windows());
        assertThat(report.accuracy().mae()).as("%s", gaps).isLessThan(ofTheModel.mae());
        assertThat(report.weights()[1]).as("%s: the daily naive", gaps).isGreaterThan(.5);
      }
    }
  }

  /** Windows are told from bases there, and naives are not. */
  @Test
  void shouldMixWhatTheModelSaysOfValuesThatFloatsBarelyTellApart() {
    double[] values = values();
    for (int i = 0; i < values.length; i++) {
      values[i] = 1e6 + 20 * values[i] / (i % 2 == 0 ? 1 : 20);
    }
    // As good as the daily naive, for it is one.
    try (SeasonalNaive model = new SeasonalNaive(SPEC, 24)) {
      MixtureReport report =
          new MixtureEvaluation(set(values), Split.Part.TEST, List.of()).measure(model, List.of());
      assertThat(report.weights()[0]).isCloseTo(report.weights()[1], within(1e-3));
    }
  }
}
