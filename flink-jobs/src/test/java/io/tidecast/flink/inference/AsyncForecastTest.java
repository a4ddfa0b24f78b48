package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.serving.OnTimeouts;
import io.tidecast.runtime.serving.RunLimits;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.schemas.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsyncForecastTest {

  // Static, because a factory is serialized on its way to the operator.
  private static final Queue<Integer> RUNS = new ConcurrentLinkedQueue<>();
  private static CountDownLatch release;
  private static CountDownLatch running;

  private OneInputStreamOperatorTestHarness<ForecastTask, ForecastOutcome> harness;

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
    start(null, Duration.ofSeconds(30));
    process(InferenceTest.requests(1, 2, 3, 4, 5));
    harness.endInput();
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4", "s5");
  }

  /** As one that was under way when the job was stopped, and goes on with another. */
  @Test
  void shouldRejectWhatWasAskedOfAModelOfAnotherContext() throws Exception {
    release.countDown();
    start(null, Duration.ofSeconds(30));
    process(List.of(new ForecastTask("s1", 0, new float[] {1, 2, 3}, 0, 0)));
    process(InferenceTest.requests(2));
    harness.endInput();
    List<ForecastOutcome> outcomes = harness.extractOutputValues();
    assertThat(outcomes).hasSize(2);
    assertThat(outcomes.get(0).rejection().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(outcomes.get(0).rejection().detail())
        .isEqualTo("context must hold the 4 values of the job's model: values=3");
    assertThat(outcomes.get(1).accepted().series()).isEqualTo("s2");
  }

  @Test
  void shouldTakeWhatIsWaitingUpToABatch() throws Exception {
    start(null, Duration.ofSeconds(30));
    process(InferenceTest.requests(1));
    running.await();
    process(InferenceTest.requests(2, 3, 4, 5, 6, 7));
    release.countDown();
    harness.endInput();
    assertThat(RUNS).containsExactly(1, 4, 2);
    assertThat(series()).containsExactly("s1", "s2", "s3", "s4", "s5", "s6", "s7");
  }

  @Test
  void shouldAnswerWhatWasUnderWayAtACheckpointAfterTheRestore() throws Exception {
    start(null, Duration.ofSeconds(30));
    process(InferenceTest.requests(1));
    running.await();
    process(InferenceTest.requests(2, 3));
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    close();

    harness = null;
    start(snapshot, Duration.ofSeconds(30));
    process(InferenceTest.requests(4));
    harness.endInput();

    assertThat(series()).containsExactly("s1", "s2", "s3", "s4");
  }

  @Test
  void shouldAnswerWhatWasUnderWayWhenTheStateWasKept() throws Exception {
    release.countDown();
    Path kept = Path.of(AsyncForecastTest.class.getResource("forecast-state-1.bin").toURI());
    start(OperatorSnapshotUtil.readStateHandle(kept.toString()), Duration.ofSeconds(30));
    harness.endInput();
    List<IssuedForecast> forecasts =
        harness.extractOutputValues().stream().map(ForecastOutcome::accepted).toList();
    assertThat(forecasts)
        .extracting(f -> f.series() + " " + f.originMillis() + " " + f.revision())
        .containsExactly("a 4000 0", "b 5000 2");
    assertThat(forecasts.get(0).points()).containsExactly(5, 6);
    assertThat(forecasts.get(0).filledCells()).isEqualTo(1);
    assertThat(forecasts).extracting(IssuedForecast::fallback).containsOnly(false);
    assertThat(forecasts).extracting(IssuedForecast::horizon).containsExactly(2, 1);
  }

  @Test
  void shouldAnswerWithTheBaselineWhenTheModelTakesTooLong() throws Exception {
    start(null, Duration.ofMillis(200));
    process(InferenceTest.requests(1));
    running.await();
    harness.setProcessingTime(1_000);
    harness.endInput();
    assertThat(harness.extractOutputValues())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.accepted().fallback()).isTrue();
              assertThat(outcome.accepted().points()).containsExactly(20, 1);
            });
  }

  @Test
  void shouldAnswerForAYoungSeriesAlthoughFailuresAreDeadLetters() throws Exception {
    release.countDown();
    start(null, Duration.ofSeconds(30), false);
    float[] context = {Float.NaN, Float.NaN, 3, 5};
    harness.processElement(new ForecastTask("young", 7, context, 1, 0, true, null), 7);
    harness.endInput();
    IssuedForecast forecast = harness.extractOutputValues().get(0).accepted();
    assertThat(forecast.points()).as("a season of two").containsExactly(3, 5);
    assertThat(forecast.issuer().modelId()).isEqualTo("seasonal-naive");
    assertThat(forecast.fallback()).isTrue();
    assertThat(forecast.filledCells()).as("cells before the first are no gaps").isEqualTo(1);
    assertThat(RUNS).as("the model was not asked").isEmpty();
  }

  @Test
  void shouldFailTheTaskOnAnError() throws Exception {
    release.countDown();
    start(null, Duration.ofSeconds(30));
    harness.getEnvironment().setExpectedExternalFailureCause(Throwable.class);
    process(InferenceTest.requests(-1));
    while (harness.getEnvironment().getActualExternalFailureCause().isEmpty()) {
      Thread.sleep(10);
    }
    assertThat(harness.getEnvironment().getActualExternalFailureCause().get())
        .hasStackTraceContaining("injected");
  }

  @Test
  void shouldEndTheJobForGoodWhereAModelThatIsGivenUpShould() throws Exception {
    RunLimits once = new RunLimits(Duration.ofSeconds(1), OnTimeouts.FAIL, 1);
    TestingModel slow =
        new TestingModel(
            windows -> {
              throw new ModelTimeoutException("too long");
            });
    start(null, slow, settings(true, Duration.ofSeconds(30), once));
    harness.getEnvironment().setExpectedExternalFailureCause(Throwable.class);
    process(InferenceTest.requests(1));
    while (harness.getEnvironment().getActualExternalFailureCause().isEmpty()) {
      Thread.sleep(10);
    }
    Throwable failure = harness.getEnvironment().getActualExternalFailureCause().get();
    assertThat(failure).hasStackTraceContaining("it gave no forecast from 1 batches");
    assertThat(
            ThrowableClassifier.findThrowableOfThrowableType(
                failure, ThrowableType.NonRecoverableError))
        .as("Flink restarts no job for this")
        .isPresent();
  }

  @Test
  void shouldAnswerForWindowsBehindARunThatDoesNotEnd() throws Exception {
    Duration run = Duration.ofMillis(20);
    RunLimits limits = new RunLimits(run, OnTimeouts.GIVE_UP, 5);
    start(null, blocking(), settings(true, Duration.ofSeconds(30), limits));
    process(InferenceTest.requests(1));
    running.await();
    // Whoever is told to end and goes on for another limit is not waited for.
    Thread.sleep(run.multipliedBy(3).toMillis());
    process(InferenceTest.requests(2));
    release.countDown();
    harness.endInput();
    assertThat(RUNS).containsExactly(1);
    assertThat(harness.extractOutputValues())
        .extracting(outcome -> outcome.accepted().fallback())
        .containsExactly(false, true);
  }

  private void start(OperatorSubtaskState snapshot, Duration timeout) throws Exception {
    start(snapshot, timeout, true);
  }

  private void start(OperatorSubtaskState snapshot, Duration timeout, boolean fallback)
      throws Exception {
    start(snapshot, blocking(), settings(fallback, timeout, RunLimits.DEFAULT));
  }

  private static InferenceSettings settings(boolean fallback, Duration timeout, RunLimits limits) {
    OnFailure onFailure = fallback ? OnFailure.FALLBACK : OnFailure.DEAD_LETTER;
    return new InferenceSettings(4, onFailure, 0, timeout, limits);
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

  private void start(OperatorSubtaskState snapshot, TestingModel model, InferenceSettings settings)
      throws Exception {
    AsyncForecast function =
        new AsyncForecast(
            model, new InferenceOptions(settings, Samples.GRID_STEP, 2), () -> Samples.NOW);
    long timeoutMillis = settings.timeout().toMillis();
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new AsyncWaitOperatorFactory<>(function, timeoutMillis, 100, OutputMode.ORDERED),
            StateTypes.FORECAST_TASK.createSerializer(new SerializerConfigImpl()));
    harness.setup(
        TypeInformation.of(ForecastOutcome.class).createSerializer(new SerializerConfigImpl()));
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
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

  private void process(List<ForecastTask> requests) throws Exception {
    for (ForecastTask request : requests) {
      harness.processElement(request, request.originMillis());
    }
  }

  private List<String> series() {
    return harness.extractOutputValues().stream().map(o -> o.accepted().series()).toList();
  }
}
