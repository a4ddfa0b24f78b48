package io.tidecast.flink.covariates;

import static io.tidecast.flink.covariates.CovariateSamples.request;
import static io.tidecast.flink.covariates.CovariateSamples.wind;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.testing.Samples;
import io.tidecast.schemas.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesCovariatesTest {

  private KeyedTwoInputStreamOperatorTestHarness<String, ForecastTask, Measurement, ForecastTask>
      harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void shouldPutCovariatesIntoTheContextAndAheadOfIt() throws Exception {
    start("");
    winds("a", 58, 62);
    process(request("a", 60, 1, 2, 3));
    assertThat(requests())
        .as("load/wind/hour of 58 to 60; hour/wind of 61 and 62")
        .containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/161 1/162");
  }

  @Test
  void shouldTellSeriesApart() throws Exception {
    start("wait: 1s, on-missing: skip");
    winds("a", 58, 62);
    process(request("b", 60, 1, 2, 3));
    process(request("a", 60, 4, 5, 6));
    assertThat(requests()).containsExactly("a 60: 4/158/0 5/159/0 6/160/1 -> 1/161 1/162");
  }

  @Test
  void shouldWaitForTheLastValueAndNotLonger() throws Exception {
    start("wait: 1h");
    winds("a", 58, 61);
    process(request("a", 60, 1, 2, 3));
    harness.setProcessingTime(3_000_000);
    assertThat(requests()).isEmpty();
    process(wind("a", 62, 7));
    assertThat(requests()).containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/161 1/7");
    assertThat(harness.numEventTimeTimers()).isZero();
    harness.setProcessingTime(4_000_000);
    assertThat(harness.numProcessingTimeTimers()).isZero();
    assertThat(requests()).hasSize(1);
  }

  @Test
  void shouldLetNoWindowOvertakeAnother() throws Exception {
    start("wait: 1h");
    winds("a", 56, 59);
    process(request("a", 58, 0, 1, 2));
    process(request("a", 59, 1, 2, 3));
    process(wind("a", 61, 161));
    assertThat(requests()).isEmpty();
    process(wind("a", 60, 160));
    assertThat(requests())
        .containsExactly(
            "a 58: 0/156/0 1/157/0 2/158/0 -> 0/159 1/160",
            "a 59: 1/157/0 2/158/0 3/159/0 -> 1/160 1/161");
  }

  @Test
  void shouldTakeTheValueThatIsNewWhenTheWindowLeaves() throws Exception {
    start("wait: 1h");
    winds("a", 58, 61);
    process(request("a", 60, 1, 2, 3));
    process(wind("a", 61, 7));
    process(wind("a", 62, 8));
    assertThat(requests()).containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/7 1/8");
  }

  @Test
  void shouldAskTheBaselineForWhatNeverCame() throws Exception {
    start("wait: 1s");
    winds("a", 58, 61);
    process(request("a", 60, 1, 2, 3));
    harness.setProcessingTime(999);
    assertThat(requests()).isEmpty();
    harness.setProcessingTime(1_000);
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void shouldNotWaitUnlessToldTo() throws Exception {
    start("");
    process(request("a", 60, 1, 2, 3));
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldFillFromTheLastValueBefore() throws Exception {
    start("on-missing: fill");
    process(wind("a", 58, 3));
    process(wind("a", 61, 5));
    process(request("a", 60, 1, 2, 3));
    assertThat(requests())
        .as("two cells of the context, one ahead")
        .containsExactly("a 60 filled 3: 1/3/0 2/3/0 3/3/1 -> 1/5 1/5");
  }

  @Test
  void shouldAskTheBaselineWhereThereIsNothingToFillFrom() throws Exception {
    start("on-missing: fill");
    process(wind("a", 61, 5));
    process(request("a", 60, 1, 2, 3));
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldSkip() throws Exception {
    start("on-missing: skip");
    winds("a", 58, 61);
    process(request("a", 60, 1, 2, 3));
    winds("a", 62, 62);
    process(request("a", 59, 7, 8, 9));
    assertThat(requests()).hasSize(1).allMatch(text -> text.startsWith("a 59"));
  }

  @Test
  void shouldFillTheContextWithinTheLimitsOfTheSeries() throws Exception {
    start("");
    process(wind("a", 58, 10));
    winds("a", 60, 62);
    process(request("a", 60, 1, 2, 3));
    ForecastTask filled = request("a", 60, 1, 2, 3);
    process(new ForecastTask("a", filled.originMillis(), filled.context(), 1, 1));
    assertThat(requests())
        .as("linear, one at most; the second has one filled already")
        .containsExactly(
            "a 60 filled 1: 1/10/0 2/85/0 3/160/1 -> 1/161 1/162", "a 60 filled 1: baseline 1 2 3");
  }

  /** As much of a context may be silent as there is; that is no reason to have no covariates. */
  @Test
  void shouldFillWhatIsMissingBesideSilence() throws Exception {
    start(
        "",
        "series: {step: 1min, close: watermark, silence: fill, fill: previous, max-filled-cells: 1}");
    winds("a", 58, 58);
    winds("a", 60, 62);
    ForecastTask silent = request("a", 60, 1, 1, 3);
    process(new ForecastTask("a", silent.originMillis(), silent.context(), 2, 0));
    assertThat(requests()).containsExactly("a 60 filled 3: 1/158/0 1/158/0 3/160/1 -> 1/161 1/162");
  }

  @Test
  void shouldLeaveTheCellsBeforeAYoungSeriesAsTheyAre() throws Exception {
    start("");
    winds("a", 59, 62);
    process(request("a", 60, Float.NaN, 2, 3));
    assertThat(harness.extractOutputValues())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.filledCells()).isZero();
              assertThat(request.context())
                  .containsExactly(Float.NaN, Float.NaN, Float.NaN, 2, 159, 0, 3, 160, 1);
            });
  }

  @Test
  void shouldNotHoldUpTheBaseline() throws Exception {
    start("wait: 1h");
    process(
        new ForecastTask("a", 60 * CovariateSamples.STEP, new float[] {1, 2, 3}, 0, 0, true, null));
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldLetGoTheFirstWhenTooManyWait() throws Exception {
    start("wait: 1h, max-waiting: 2");
    process(request("a", 60, 1, 2, 3));
    process(request("a", 61, 2, 3, 4));
    assertThat(requests()).isEmpty();
    process(request("a", 62, 3, 4, 5));
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldAnswerForAllWhenTheInputEnds() throws Exception {
    start("wait: 1h");
    process(request("a", 60, 1, 2, 3));
    harness.processWatermark1(Watermark.MAX_WATERMARK);
    harness.processWatermark2(Watermark.MAX_WATERMARK);
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldRefuseValuesThatNoWindowNeedsAnyMore() throws Exception {
    start("");
    winds("a", 58, 63);
    process(request("a", 60, 1, 2, 3));
    process(wind("a", 57, 1));
    process(wind("a", 58, 2));
    assertThat(harness.getSideOutput(SplitRejected.REJECTED))
        .singleElement()
        .satisfies(
            record -> {
              Rejection rejection = record.getValue();
              assertThat(rejection.code()).isEqualTo(ErrorCode.LATE);
              assertThat(rejection.detail())
                  .isEqualTo(
                      "time must not be before the oldest cell whose covariates are kept"
                          + " (covariates.keep), 1970-01-01T00:58:00Z: time=1970-01-01T00:57:00Z");
              assertThat(rejection.series()).isEqualTo("a");
            });
  }

  @Test
  void shouldKeepWhatRevisionsNeed() throws Exception {
    start("", "series: {step: 1min, reissue: true, reissue-origins: 3}");
    winds("a", 50, 65);
    process(request("a", 60, 1, 2, 3));
    process(new ForecastTask("a", 58 * CovariateSamples.STEP, new float[] {7, 8, 9}, 0, 1));
    assertThat(requests()).contains("a 58: 7/156/0 8/157/0 9/158/0 -> 0/159 1/160");
  }

  private void start(String keys) throws Exception {
    start(CovariateSamples.config(keys));
  }

  private void start(String keys, String series) throws Exception {
    start(
        Samples.config(
            series,
            "covariates: {topic: weather, names: wind, calendar: {hour: hour}, wait: 0s%s}"
                .formatted(keys)));
  }

  private void start(JobConfig config) throws Exception {
    SeriesCovariates operator =
        new SeriesCovariates(
            CovariateSamples.grid(config),
            CovariateSamples.merge(config),
            config.covariates().feed().waiting(),
            CovariateSamples.late());
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new KeyedCoProcessOperator<>(operator),
            ForecastTask::series,
            Measurement::series,
            Types.STRING);
    harness.open();
  }

  private void process(ForecastTask request) throws Exception {
    harness.processElement1(request, request.originMillis());
  }

  private void process(Measurement values) throws Exception {
    harness.processElement2(values, values.timeMillis());
  }

  /** A hundred more than the minute. */
  private void winds(String key, int from, int to) throws Exception {
    for (int minute = from; minute <= to; minute++) {
      process(wind(key, minute, 100 + minute));
    }
  }

  private List<String> requests() {
    List<String> texts = new ArrayList<>();
    harness.extractOutputValues().forEach(request -> texts.add(CovariateSamples.text(request)));
    return texts;
  }
}
