package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.functions.async.AsyncFunction;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tasks under way in savepoints, those included that Flink's own operator has written. */
@Timeout(60)
@SuppressWarnings("try") // As the harness declares close.
class UnderWayStateTest {

  private static final int BATCH = 4;
  private static final TestingModel MODEL = new TestingModel(windows -> {});
  private static final InferenceOptions OPTIONS =
      new InferenceOptions(
          new InferenceSettings(BATCH, OnFailure.DEAD_LETTER, 0, Duration.ofSeconds(30)),
          Samples.GRID_STEP,
          2);

  @Test
  void shouldAnswerWhatWasUnderWayWhenTheStateWasKept() throws Exception {
    Path kept = Path.of(UnderWayStateTest.class.getResource("forecast-state-1.bin").toURI());
    List<IssuedForecast> forecasts =
        forecasts(OperatorSnapshotUtil.readStateHandle(kept.toString()));
    assertThat(forecasts)
        .extracting(f -> f.series() + " " + f.originMillis() + " " + f.revision())
        .containsExactly("a 4000 0", "b 5000 2");
    assertThat(forecasts.get(0).points()).containsExactly(5, 6);
    assertThat(forecasts.get(0).filledCells()).isEqualTo(1);
    assertThat(forecasts).extracting(IssuedForecast::fallback).containsOnly(false);
    assertThat(forecasts).extracting(IssuedForecast::horizon).containsExactly(2, 1);
  }

  @Test
  void shouldGoOnFromTheStateOfFlinksOwnOperator() throws Exception {
    OperatorSubtaskState state;
    try (var flinks = flinks(new Silent(), null)) {
      for (ForecastTask task : tasks(1, 3)) {
        flinks.processElement(task, task.originMillis());
        flinks.processWatermark(new Watermark(task.originMillis()));
      }
      state = flinks.snapshot(1, 1);
    }
    assertThat(forecasts(state))
        .extracting(IssuedForecast::series)
        .containsExactly("s1", "s2", "s3");
  }

  @Test
  void shouldLeaveStateThatFlinksOwnOperatorGoesOnFrom() throws Exception {
    OperatorSubtaskState state = underWay(tasks(1, 3));
    try (var flinks = flinks(new Naming(), state)) {
      flinks.endInput();
      assertThat(flinks.extractOutputValues()).containsExactly("s1", "s2", "s3");
      assertThat(flinks.extractOutputStreamRecords().get(2).getTimestamp()).isEqualTo(3_000);
    }
  }

  @Test
  void shouldTakeWhatWasUnderWayInSeveralSubtasks() throws Exception {
    OperatorSubtaskState all =
        AbstractStreamOperatorTestHarness.repackageState(
            underWay(tasks(1, 8)), underWay(tasks(11, 18)), underWay(tasks(21, 28)));
    assertThat(forecasts(all))
        .extracting(IssuedForecast::series)
        .as("more than may be under way")
        .hasSize(24)
        .doesNotHaveDuplicates()
        .filteredOn(series -> series.length() == 2)
        .isEqualTo(tasks(1, 8).stream().map(ForecastTask::series).toList());
  }

  @Test
  void shouldShareWhatWasUnderWayAmongMoreSubtasks() throws Exception {
    OperatorSubtaskState one = underWay(tasks(1, 7));
    List<String> series = new ArrayList<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      List<IssuedForecast> its =
          forecasts(
              AbstractStreamOperatorTestHarness.repartitionOperatorState(one, 3, 1, 3, subtask));
      assertThat(its).isNotEmpty();
      its.forEach(forecast -> series.add(forecast.series()));
    }
    assertThat(series)
        .containsExactlyInAnyOrderElementsOf(
            tasks(1, 7).stream().map(ForecastTask::series).toList());
  }

  /** What is made of what was under way. */
  private static List<IssuedForecast> forecasts(OperatorSubtaskState state) throws Exception {
    try (ForecastHarness harness = ForecastHarness.start(MODEL, OPTIONS, state)) {
      harness.end();
      assertThat(harness.flink().getOutput())
          .as("no watermark of another time")
          .hasSameSizeAs(harness.forecasts());
      return harness.forecasts();
    }
  }

  /** The state of an operator that was given tasks and has passed nothing on. */
  private static OperatorSubtaskState underWay(List<ForecastTask> tasks) throws Exception {
    try (ForecastHarness harness = ForecastHarness.start(MODEL, OPTIONS, null)) {
      harness.process(tasks);
      assertThat(harness.forecasts()).isEmpty();
      return harness.snapshot();
    }
  }

  private static List<ForecastTask> tasks(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> InferenceTest.requests(i).get(0)).toList();
  }

  private static OneInputStreamOperatorTestHarness<ForecastTask, String> flinks(
      AsyncFunction<ForecastTask, String> function, OperatorSubtaskState state) throws Exception {
    OneInputStreamOperatorTestHarness<ForecastTask, String> harness =
        new OneInputStreamOperatorTestHarness<>(
            new AsyncWaitOperatorFactory<>(function, 30_000, 100, OutputMode.ORDERED),
            StateTypes.FORECAST_TASK.createSerializer(new SerializerConfigImpl()));
    harness.setup(Types.STRING.createSerializer(new SerializerConfigImpl()));
    if (state != null) {
      harness.initializeState(state);
    }
    harness.open();
    return harness;
  }

  private static final class Silent implements AsyncFunction<ForecastTask, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void asyncInvoke(ForecastTask task, ResultFuture<String> result) {}
  }

  private static final class Naming implements AsyncFunction<ForecastTask, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void asyncInvoke(ForecastTask task, ResultFuture<String> result) {
      result.complete(List.of(task.series()));
    }
  }
}
