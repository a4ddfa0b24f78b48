package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFitTest {

  private static final ForecasterSpec HALF_HOURLY_WEEK =
      new ForecasterSpec("m", "1", 336, 48, 1, List.of());

  @Test
  void shouldFindNothingWrongWithAFit() {
    assertThat(ModelFit.modelProblems(Samples.config(), Samples.SPEC)).isEmpty();
  }

  @Test
  void shouldReportEverythingThatDoesNotFit() {
    JobConfig config =
        Samples.config(
            "series: {step: 10ms, channels: 2, close: watermark}",
            "source: {max-out-of-orderness: 7d}");
    ForecasterSpec huge = new ForecasterSpec("m", "1", 4, 300_000, 1, List.of());

    assertThat(ModelFit.modelProblems(config, huge))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).isEqualTo("must be the model's 1: series.channels=2"),
            p -> assertThat(p).contains("needs 153602048: model.max-batch-size=128"),
            p -> assertThat(p).contains("source.max-out-of-orderness=PT168H"),
            p -> assertThat(p).endsWith("kafka.properties.max.request.size=1048576"));
  }

  @Test
  void shouldObserveOnlyWhatIsNotKnownAhead() {
    ForecasterInputs inputs = new ForecasterInputs(2, List.of(), List.of(), 0);
    ForecasterSpec spec = new ForecasterSpec("m", "1", 4, 2, 5, List.of(3), inputs, List.of());

    assertThat(ModelFit.modelProblems(Samples.config("series: {step: 1s, channels: 3}"), spec))
        .isEmpty();
    assertThat(ModelFit.modelProblems(Samples.config("series: {step: 1s, channels: 5}"), spec))
        .containsExactly("must be the model's 5 less its 2 future covariates: series.channels=5");
  }

  @Test
  void shouldAskNoModelThatNeedsAWholeContextBeforeThereIsOne() {
    JobConfig young = Samples.config("series: {step: 1s, min-context: 3, cold-start: baseline}");
    assertThat(ModelFit.modelProblems(young, Samples.SPEC))
        .singleElement()
        .asString()
        .contains("must be the 4 cells of a context", "use series.cold-start=baseline")
        .endsWith("series.min-context=3");
    ForecasterSpec pads =
        new ForecasterSpec("m", "1", 4, 2, 1, List.of(0), ForecasterInputs.NONE, List.of(), true);
    assertThat(ModelFit.modelProblems(young, pads)).isEmpty();
    JobConfig whole = Samples.config("series: {step: 1s, min-context: 4}");
    assertThat(ModelFit.modelProblems(whole, Samples.SPEC)).isEmpty();
    JobConfig more = Samples.config("series: {step: 1s, min-context: 5}");
    assertThat(ModelFit.modelProblems(more, pads))
        .containsExactly("must be no more than the 4 cells of a context: series.min-context=5");
  }

  @Test
  void shouldTakeAModelOfOneTargetWithCalendarAndNoise() {
    ForecasterInputs inputs =
        new ForecasterInputs(
            0, List.of(CalendarFeature.HOUR_OF_DAY), List.of(CalendarFeature.HOUR_OF_DAY), 100);
    ForecasterSpec spec = new ForecasterSpec("m", "1", 4, 2, 3, List.of(2), inputs, List.of());

    assertThat(ModelFit.modelProblems(Samples.config("series: {step: 1s, channels: 3}"), spec))
        .isEmpty();
  }

  @Test
  void shouldCountNoiseAmongTheBuffers() {
    ForecasterInputs inputs =
        new ForecasterInputs(0, List.of(CalendarFeature.HOUR_OF_DAY), List.of(), 200_000);
    ForecasterSpec spec = new ForecasterSpec("m", "1", 4, 2, 1, List.of(0), inputs, List.of());

    assertThat(ModelFit.modelProblems(Samples.config(), spec))
        .containsExactly(
            "must need no more than 67108864 bytes of buffers, needs 102405120:"
                + " model.max-batch-size=128");
  }

  @Test
  void shouldCountWhatOpenCellsRemember() {
    String series = "series: {step: 1s, close: watermark, aggregate: mean, allowed-lateness: 10min";
    assertThat(ModelFit.modelProblems(Samples.config(series + "}"), Samples.SPEC)).isEmpty();
    assertThat(
            ModelFit.modelProblems(
                Samples.config(series + ", duplicates: last, max-observations: 100000}"),
                Samples.SPEC))
        .singleElement()
        .asString()
        .contains("series.allowed-lateness=PT10M")
        .endsWith("series.max-observations=100000");
    assertThat(
            ModelFit.modelProblems(
                Samples.config(
                    "series: {step: 1s, reissue: true, reissue-origins: 1000, forecast-every: 1000000}"),
                Samples.SPEC))
        .singleElement()
        .asString()
        .endsWith("series.reissue-origins=1000");
  }

  @Test
  void shouldGiveNoMonthsToAModelOfTheCalendar() {
    ForecasterInputs inputs =
        new ForecasterInputs(0, List.of(CalendarFeature.HOUR_OF_DAY), List.of(), 0);
    ForecasterSpec spec = new ForecasterSpec("m", "1", 4, 2, 1, List.of(0), inputs, List.of());
    String month = "series: {step: P1M, zone: Europe/Berlin}";

    assertThat(ModelFit.modelProblems(Samples.config(month), spec))
        .singleElement()
        .asString()
        .endsWith("series.step=P1M");
    assertThat(ModelFit.modelProblems(Samples.config(month.replace("P1M", "business-day")), spec))
        .containsExactly(
            "must be P1D, P1W or a duration for a model that is given the calendar: series.step=business-day");
    assertThat(ModelFit.modelProblems(Samples.config(month), Samples.SPEC)).isEmpty();
    assertThat(ModelFit.modelProblems(Samples.config(month.replace("P1M", "P1W")), spec)).isEmpty();
  }

  @Test
  void shouldRefuseToFillFromASeasonBeyondTheContext() {
    assertThat(
            ModelFit.modelProblems(
                Samples.config("series: {step: 1s, fill: seasonal, fill-season: 4}"), Samples.SPEC))
        .containsExactly("must be less than the 4 cells of a context: series.fill-season=4");
    assertThat(
            ModelFit.modelProblems(
                Samples.config("series: {step: 1s, fill: seasonal, fill-season: 3}"), Samples.SPEC))
        .isEmpty();
  }

  @Test
  void shouldRefuseASeasonOffTheGridOrLongerThanTheContext() {
    assertThat(
            ModelFit.modelProblems(
                Samples.config("model: {path: x, season: 1500ms}"), Samples.SPEC))
        .singleElement()
        .asString()
        .endsWith("model.season=PT1.5S");
    assertThat(ModelFit.modelProblems(Samples.config("model: {path: x, season: 5s}"), Samples.SPEC))
        .hasSize(1);
    assertThat(ModelFit.modelProblems(Samples.config("model: {path: x, season: 4s}"), Samples.SPEC))
        .isEmpty();
  }

  @Test
  void shouldChooseTheLongestNaturalSeasonThatFits() {
    JobConfig halfHours = Samples.config("series: {step: 30min}");
    assertThat(ModelFit.seasonRule(halfHours).steps(336)).isEqualTo(336);
    assertThat(ModelFit.seasonRule(halfHours).steps(96)).isEqualTo(48);
    assertThat(ModelFit.seasonRule(Samples.config("series: {step: 7min}")).steps(336))
        .as("a day is no multiple of seven minutes, a week is, but too long")
        .isEqualTo(1);
    JobConfig given = Samples.config("series: {step: 30min}", "model: {path: x, season: 12h}");
    assertThat(ModelFit.seasonRule(given).steps(336)).isEqualTo(24);
  }

  @Test
  void shouldFillFromASeasonThatTheContextHasTwice() {
    JobConfig halfHours = Samples.config("series: {step: 30min, fill: seasonal}");
    assertThat(ModelFit.fillSeasonCells(halfHours, HALF_HOURLY_WEEK)).isEqualTo(48);
    JobConfig odd = Samples.config("series: {step: 7min, fill: seasonal}");
    assertThat(ModelFit.modelProblems(odd, HALF_HOURLY_WEEK))
        .singleElement()
        .asString()
        .endsWith("series.fill-season=null");
  }
}
