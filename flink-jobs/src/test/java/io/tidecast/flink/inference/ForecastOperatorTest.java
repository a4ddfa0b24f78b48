package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.serving.MicroBatcher;
import io.tidecast.runtime.serving.ModelUser;
import io.tidecast.runtime.serving.RunLimits;
import io.tidecast.runtime.serving.ServingListener;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.schemas.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ForecastOperatorTest {

  private static final int BATCH = 4;
  private static final Duration LONG = Duration.ofSeconds(30);

  // Static, because a factory is serialized on its way to the operator.
  private static final Queue<Integer> RUNS = new ConcurrentLinkedQueue<>();
  private static CountDownLatch release;
  private static CountDownLatch running;

  private ForecastHarness harness;

  @BeforeEach
  void reset() {
    RUNS.clear();
    release = new CountDownLatch(1);
    running = new CountDownLatch(1);
  }

  @AfterEach
  void close() throws Exception {
    release.countDown();
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldAnswerEveryRequestInOrder() throws Exception {
    release.countDown();
    start(null);
    harness.process(InferenceTest.requests(1, 2, 3, 4, 5));
    harness.end();
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4", "s5");
  }

  /** As one that was under way when the job was stopped, and goes on with another. */
  @Test
  void shouldRejectWhatWasAskedOfAModelOfAnotherContext() throws Exception {
    release.countDown();
    start(null, settings(OnFailure.FAIL, LONG));
    harness.process(List.of(new ForecastTask("s1", 7, new float[] {1, 2, 3}, 0, 0)));
    harness.process(InferenceTest.requests(2));
    harness.end();
    Rejection rejection = harness.rejections().get(0);
    assertThat(rejection.code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(rejection.detail())
        .isEqualTo("context must hold the 4 values of the job's model: values=3");
    assertThat(rejection.series()).isEqualTo("s1");
    assertThat(rejection.timeMillis()).isEqualTo(7);
    assertThat(series()).containsExactly("s2");
  }

  @Test
  void shouldTakeWhatIsWaitingUpToABatch() throws Exception {
    start(null);
    harness.process(InferenceTest.requests(1));
    running.await();
    harness.process(InferenceTest.requests(2, 3, 4, 5, 6, 7));
    release.countDown();
    harness.end();
    assertThat(RUNS).containsExactly(1, 4, 2);
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4", "s5", "s6", "s7");
  }

  @Test
  void shouldWakeTheTaskOnceForAllThatIsAnswered() throws Exception {
    start(null);
    harness.process(InferenceTest.requests(1));
    running.await();
    harness.process(InferenceTest.requests(2, 3, 4, 5, 6, 7, 8));
    release.countDown();
    TaskMailbox mailbox = harness.flink().getTaskMailbox();
    while (RUNS.size() < 3) {
      Thread.sleep(1);
    }
    // Those of the last run are told a moment after it.
    for (int quiet = 0; quiet < 20; quiet++) {
      Thread.sleep(5);
      assertThat(mailbox.size()).isEqualTo(1);
    }
    mailbox.take(0).run();
    assertThat(series()).hasSize(8);
    assertThat(mailbox.hasMail()).isFalse();
  }

  @Test
  void shouldKeepTheLineBehindAWindowThatTakesLong() throws Exception {
    start(null);
    OneInputStreamOperatorTestHarness<ForecastTask, IssuedForecast> flink = harness.flink();
    flink.processWatermark(new Watermark(500));
    harness.process(InferenceTest.requests(1));
    running.await();
    LatencyMarker marker = new LatencyMarker(9, flink.getOperator().getOperatorID(), 0);
    flink.processWatermark(new Watermark(1_000));
    flink.processWatermark(new Watermark(1_500));
    harness.process(List.of(young("young")));
    flink.processWatermarkStatus(WatermarkStatus.IDLE);
    flink.getOneInputOperator().processLatencyMarker(marker);
    flink.processWatermarkStatus(WatermarkStatus.ACTIVE);
    flink.processElement(new StreamRecord<>(InferenceTest.requests(2).get(0)));
    flink.processWatermark(new Watermark(2_000));
    assertThat(flink.getOutput()).containsExactly(new Watermark(500));

    release.countDown();
    harness.end();
    List<Object> line = new ArrayList<>();
    for (Object element : flink.getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        String at = record.hasTimestamp() ? " at " + record.getTimestamp() : "";
        line.add(((IssuedForecast) record.getValue()).series() + at);
      } else {
        line.add(element);
      }
    }
    assertThat(line)
        .containsExactly(
            new Watermark(500),
            "s1 at 1000",
            new Watermark(1_500),
            "young at 7",
            WatermarkStatus.IDLE,
            marker,
            WatermarkStatus.ACTIVE,
            "s2",
            new Watermark(2_000));
  }

  @Test
  void shouldHaveNoMoreThanTwoBatchesUnderWay() throws Exception {
    release.countDown();
    start(null);
    for (int i = 1; i <= 100; i++) {
      harness.process(InferenceTest.requests(i));
      assertThat(i - harness.forecasts().size()).isLessThanOrEqualTo(2 * BATCH);
    }
    harness.end();
    assertThat(harness.forecasts()).hasSize(100);
  }

  @Test
  void shouldAnswerWhatWasUnderWayAtACheckpointAfterTheRestore() throws Exception {
    start(null);
    harness.process(InferenceTest.requests(1));
    running.await();
    harness.process(InferenceTest.requests(2, 3));
    OperatorSubtaskState snapshot = harness.snapshot();
    close();

    start(snapshot);
    harness.process(InferenceTest.requests(4));
    harness.end();
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4");
    assertThat(harness.snapshot().getManagedOperatorState())
        .as("nothing is under way any more")
        .allSatisfy(state -> assertThat(state.getStateSize()).isLessThan(2_000));
  }

  @Test
  void shouldPassOnBeforeACheckpointWhatHasItsAnswer() throws Exception {
    release.countDown();
    start(null);
    harness.process(InferenceTest.requests(1));
    TaskMailbox mailbox = harness.flink().getTaskMailbox();
    while (!mailbox.hasMail()) {
      Thread.sleep(1);
    }
    harness.flink().prepareSnapshotPreBarrier(1);
    assertThat(series()).containsExactly("s1");
    OperatorSubtaskState snapshot = harness.snapshot();
    close();

    start(snapshot);
    harness.end();
    assertThat(series()).as("it was passed on before").isEmpty();
  }

  @Test
  void shouldAnswerWithTheBaselineWhenTheModelTakesTooLong() throws Exception {
    start(null, settings(OnFailure.FALLBACK, Duration.ofMillis(200)));
    harness.process(InferenceTest.requests(1));
    running.await();
    harness.process(InferenceTest.requests(2, 3));
    assertThat(timers()).as("one for all").isEqualTo(1);
    harness.flink().setProcessingTime(150);
    harness.process(InferenceTest.requests(4));
    assertThat(series()).isEmpty();
    harness.flink().setProcessingTime(250);
    assertThat(series()).containsExactly("s1", "s2", "s3");
    assertThat(timers()).as("for the fourth").isEqualTo(1);
    harness.flink().setProcessingTime(1_000);
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4");
    assertThat(timers()).isZero();
    release.countDown();
    harness.end();
    assertThat(harness.forecasts()).hasSize(4).allMatch(IssuedForecast::fallback);
    assertThat(harness.forecasts().get(0).points()).containsExactly(20, 1);
  }

  @Test
  void shouldAnswerForAYoungSeriesAtOnceAlthoughFailuresEndTheJob() throws Exception {
    start(null, settings(OnFailure.FAIL, LONG));
    harness.process(List.of(young("young")));
    IssuedForecast forecast = harness.forecasts().get(0);
    assertThat(forecast.points()).as("a season of two").containsExactly(3, 5);
    assertThat(forecast.issuer().modelId()).isEqualTo("seasonal-naive");
    assertThat(forecast.fallback()).isTrue();
    assertThat(forecast.filledCells()).as("cells before the first are no gaps").isEqualTo(1);
    assertThat(RUNS).as("the model was not asked").isEmpty();
  }

  @Test
  void shouldFailTheTaskOnAnError() throws Exception {
    release.countDown();
    start(null);
    harness.process(InferenceTest.requests(-1));
    assertThatThrownBy(() -> harness.end())
        .hasStackTraceContaining("model must not throw an error, it did: model=testing/7")
        .hasRootCauseMessage("injected")
        .satisfies(failure -> assertThat(isForGood(failure)).isFalse());
  }

  @Test
  void shouldEndTheJobForGoodOnAFailureWhereItIsToldSo() throws Exception {
    TestingModel failing =
        new TestingModel(
            windows -> {
              RUNS.add(windows.size());
              throw new ModelException("no such number");
            });
    harness =
        ForecastHarness.start(
            failing, options(new InferenceSettings(BATCH, OnFailure.FAIL, 2, LONG)), null);
    harness.process(InferenceTest.requests(1));
    assertThatThrownBy(() -> harness.end())
        .hasStackTraceContaining(
            "model must answer every window where model.on-failure=fail, it gave no forecast of the series \"s1\" at"
                + " 1970-01-01T00:00:01Z: model must answer, it failed:")
        .hasStackTraceContaining("no such number")
        .satisfies(failure -> assertThat(isForGood(failure)).isTrue());
    assertThat(RUNS).as("once and twice again").containsExactly(1, 1, 1);
  }

  @Test
  void shouldGoOnLookingForAnswersWhileThereIsNoRoomForATask() throws Exception {
    harness =
        ForecastHarness.start(
            new NarrowModel(blocking()), options(settings(OnFailure.FALLBACK, LONG)), null);
    harness.process(InferenceTest.requests(1));
    running.await();
    // Two wait, for the others there is no room until the first of these comes back.
    Thread releasing = new Thread(release::countDown);
    harness.process(InferenceTest.requests(2, 3));
    releasing.start();
    harness.process(InferenceTest.requests(4, 5, 6, 7, 8));
    harness.end();
    assertThat(harness.forecasts())
        .extracting(IssuedForecast::series)
        .containsExactly("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8");
    releasing.join();
  }

  /** A model with room for two windows that wait, each run by itself. */
  private record NarrowModel(TestingModel model) implements ForecasterFactory {

    @Override
    public ForecasterSpec spec() {
      return model.spec();
    }

    @Override
    public Forecaster open() {
      return model.open();
    }

    @Override
    public <R> ModelUser<R> join(
        ServingOptions options, ServingListener listener, Runnable wakeUp) {
      ServingOptions narrow = ServingOptions.builder().maxBatchSize(1).maxWaiting(2).build();
      return new MicroBatcher(open(), narrow, 1).join(spec(), listener, wakeUp);
    }
  }

  @Test
  void shouldAnswerWithoutAModelThatIsGivenUp() throws Exception {
    RunLimits once = new RunLimits(Duration.ofSeconds(1), 1);
    TestingModel slow =
        new TestingModel(
            windows -> {
              RUNS.add(windows.size());
              throw new ModelTimeoutException("too long");
            });
    harness =
        ForecastHarness.start(
            slow,
            options(
                new InferenceSettings(
                    BatchSettings.of(BATCH), OnFailure.DEAD_LETTER, 0, LONG, once)),
            null);
    harness.process(InferenceTest.requests(1));
    harness.end();
    harness.process(InferenceTest.requests(2));
    harness.end();
    assertThat(RUNS).containsExactly(1);
    assertThat(harness.rejections())
        .extracting(Rejection::detail)
        .containsExactly(
            "too long",
            "model must give forecasts, it gave none for a while, so it was given up and is asked again later");
  }

  @Test
  void shouldAnswerForWindowsBehindARunThatDoesNotEnd() throws Exception {
    Duration run = Duration.ofMillis(20);
    RunLimits limits = new RunLimits(run, 5);
    start(
        null, new InferenceSettings(BatchSettings.of(BATCH), OnFailure.FALLBACK, 0, LONG, limits));
    harness.process(InferenceTest.requests(1));
    running.await();
    // Whoever is told to end and goes on for another limit is not waited for.
    Thread.sleep(run.multipliedBy(3).toMillis());
    harness.process(InferenceTest.requests(2));
    release.countDown();
    harness.end();
    assertThat(RUNS).containsExactly(1);
    assertThat(harness.forecasts())
        .extracting(IssuedForecast::fallback)
        .containsExactly(false, true);
  }

  private static boolean isForGood(Throwable failure) {
    return ThrowableClassifier.findThrowableOfThrowableType(
            failure, ThrowableType.NonRecoverableError)
        .isPresent();
  }

  /** A task for the baseline. */
  private static ForecastTask young(String series) {
    float[] context = {Float.NaN, Float.NaN, 3, 5};
    return new ForecastTask(series, 7, context, 1, 0, true, null);
  }

  private void start(OperatorSubtaskState snapshot) throws Exception {
    harness =
        ForecastHarness.start(blocking(), options(settings(OnFailure.FALLBACK, LONG)), snapshot);
  }

  private void start(OperatorSubtaskState snapshot, InferenceSettings settings) throws Exception {
    harness = ForecastHarness.start(blocking(), options(settings), snapshot);
  }

  private static InferenceOptions options(InferenceSettings settings) {
    return new InferenceOptions(settings, Samples.GRID_STEP, 2);
  }

  private static InferenceSettings settings(OnFailure onFailure, Duration timeout) {
    return new InferenceSettings(BATCH, onFailure, 0, timeout);
  }

  private static TestingModel blocking() {
    return new TestingModel(
        windows -> {
          RUNS.add(windows.size());
          running.countDown();
          awaitRelease();
          if (TestingModel.endsWith(windows, -1)) {
            throw new AssertionError("injected");
          }
        });
  }

  private static void awaitRelease() {
    boolean interrupted = false;
    try {
      // As native code does, it takes no notice of an interrupt.
      while (true) {
        try {
          if (release.await(30, TimeUnit.SECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private int timers() {
    return harness.flink().getProcessingTimeService().getNumActiveTimers();
  }

  private List<String> series() {
    return harness.forecasts().stream().map(IssuedForecast::series).toList();
  }
}
