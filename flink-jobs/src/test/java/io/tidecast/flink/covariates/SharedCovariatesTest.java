package io.tidecast.flink.covariates;

import static io.tidecast.flink.covariates.CovariateSamples.request;
import static io.tidecast.flink.covariates.CovariateSamples.wind;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.schemas.ErrorCode;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Covariates of groups, and those of all series. */
class SharedCovariatesTest {

  private static final String ALL = "";

  private KeyedTwoInputStreamOperatorTestHarness<String, ForecastTask, Measurement, ForecastTask>
      harness;

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void shouldGiveEverySeriesTheCovariatesOfAll() throws Exception {
    start(0, 1, null);
    winds(ALL, 58, 62);
    process(request("a", 60, 1, 2, 3));
    process(request("b", 60, 4, 5, 6));
    assertThat(requests())
        .containsExactly(
            "a 60: 1/158/0 2/159/0 3/160/1 -> 1/161 1/162",
            "b 60: 4/158/0 5/159/0 6/160/1 -> 1/161 1/162");
  }

  @Test
  void shouldGiveASeriesTheCovariatesOfItsGroup() throws Exception {
    start(
        CovariateSamples.config(
            "keyed-by: group, wait: 2s",
            "source: {format: json, mapping: {series: s, time: t, values: v, group: g}}"),
        0,
        1,
        null);
    winds("north", 58, 62);
    for (int minute = 58; minute <= 62; minute++) {
      process(wind("south", minute, minute));
    }
    process(request("a", 60, 1, 2, 3).of("south"));
    process(request("b", 60, 4, 5, 6).of("north"));
    process(request("c", 60, 7, 8, 9).of("east"));
    assertThat(requests())
        .containsExactly(
            "a 60: 1/58/0 2/59/0 3/60/1 -> 1/61 1/62",
            "b 60: 4/158/0 5/159/0 6/160/1 -> 1/161 1/162");
  }

  /** It may have one for its model alone. */
  @Test
  void shouldGiveASeriesOfAGroupTheCovariatesOfAll() throws Exception {
    start(0, 1, null);
    winds(ALL, 58, 62);
    process(request("a", 60, 1, 2, 3).of("south"));
    assertThat(requests()).containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/161 1/162");
  }

  @Test
  void shouldLookEverySecondAndAnswerAtTheLimit() throws Exception {
    start(0, 1, null);
    winds(ALL, 58, 61);
    harness.setProcessingTime(500);
    process(request("a", 60, 1, 2, 3));
    process(request("b", 61, 4, 5, 6));
    winds(ALL, 62, 62);
    assertThat(requests()).isEmpty();
    harness.setProcessingTime(999);
    assertThat(requests()).isEmpty();
    harness.setProcessingTime(1_000);
    assertThat(requests()).containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/161 1/162");
    harness.setProcessingTime(2_499);
    assertThat(requests()).hasSize(1);
    harness.setProcessingTime(2_500);
    assertThat(requests()).hasSize(2).last().isEqualTo("b 61: baseline 4 5 6");
    assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers()).isZero();
  }

  @Test
  void shouldGoOnWaitingAfterARestore() throws Exception {
    start(0, 1, null);
    winds(ALL, 58, 61);
    process(request("a", 60, 1, 2, 3));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();

    start(0, 1, snapshot);
    process(wind(ALL, 61, 7));
    process(wind(ALL, 62, 8));
    harness.setProcessingTime(1_000);
    assertThat(requests()).containsExactly("a 60: 1/158/0 2/159/0 3/160/1 -> 1/7 1/8");
  }

  @Test
  void shouldAnswerForAllWhenTheInputEnds() throws Exception {
    start(0, 1, null);
    process(request("a", 60, 1, 2, 3));
    harness.processWatermark1(Watermark.MAX_WATERMARK);
    harness.processWatermark2(Watermark.MAX_WATERMARK);
    assertThat(requests()).containsExactly("a 60: baseline 1 2 3");
  }

  @Test
  void shouldAnswerOnceForWhatIsTooOld() throws Exception {
    for (int subtask = 0; subtask < 2; subtask++) {
      start(subtask, 2, null);
      process(wind(ALL, 60 * 24 * 40, 1));
      process(wind(ALL, 0, 2));
      var rejected = harness.getSideOutput(SplitRejected.REJECTED);
      if (subtask == 0) {
        assertThat(rejected)
            .singleElement()
            .satisfies(record -> assertThat(record.getValue().code()).isEqualTo(ErrorCode.LATE));
      } else {
        assertThat(rejected).isNullOrEmpty();
      }
      harness.close();
    }
  }

  private void start(int subtask, int subtasks, OperatorSubtaskState snapshot) throws Exception {
    start(CovariateSamples.config("keyed-by: global, wait: 2s"), subtask, subtasks, snapshot);
  }

  private void start(JobConfig config, int subtask, int subtasks, OperatorSubtaskState snapshot)
      throws Exception {
    SharedCovariates operator =
        new SharedCovariates(
            CovariateSamples.grid(config),
            CovariateSamples.merge(config),
            config.covariates().feed(),
            CovariateSamples.late());
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new CoBroadcastWithKeyedOperator<>(operator, List.of(SharedCovariates.STATE)),
            ForecastTask::series,
            null,
            Types.STRING,
            subtasks,
            subtasks,
            subtask);
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
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
    return harness.extractOutputValues().stream().map(CovariateSamples::text).toList();
  }
}
