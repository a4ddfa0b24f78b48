package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
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

  private OneInputStreamOperatorTestHarness<ForecastRequest, ForecastOutcome> harness;

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
  void shouldAnswerWithTheBaselineWhatTheModelCannotBeGiven() throws Exception {
    start(null, Duration.ofSeconds(30));
    float[] context = {5, 6, 7, 8};
    harness.processElement(new ForecastRequest("a", 3_000, context, 1, 2, true, null, null), 3_000);
    harness.endInput();
    assertThat(RUNS).isEmpty();
    assertThat(harness.extractOutputValues())
        .singleElement()
        .satisfies(
            outcome -> {
              assertThat(outcome.accepted().fallback()).isTrue();
              assertThat(outcome.accepted().modelId()).isEqualTo("seasonal-naive");
              assertThat(outcome.accepted().points()).containsExactly(7, 8);
              assertThat(outcome.accepted().filledCells()).isEqualTo(1);
              assertThat(outcome.accepted().revision()).isEqualTo(2);
            });
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

  private void start(OperatorSubtaskState snapshot, Duration timeout) throws Exception {
    TestingModel model =
        new TestingModel(
            windows -> {
              RUNS.add(windows.size());
              running.countDown();
              awaitRelease();
              if (TestingModel.endsWith(windows, -1)) {
                throw new AssertionError("injected");
              }
            });
    AsyncForecast function =
        new AsyncForecast(
            model,
            new InferenceOptions(4, 0, timeout, true, Samples.GRID_STEP, 2),
            () -> Samples.NOW);
    harness =
        new OneInputStreamOperatorTestHarness<>(
            new AsyncWaitOperatorFactory<>(function, timeout.toMillis(), 100, OutputMode.ORDERED),
            TypeInformation.of(ForecastRequest.class).createSerializer(new SerializerConfigImpl()));
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

  private void process(List<ForecastRequest> requests) throws Exception {
    for (ForecastRequest request : requests) {
      harness.processElement(request, request.originMillis());
    }
  }

  private List<String> series() {
    return harness.extractOutputValues().stream().map(o -> o.accepted().series()).toList();
  }
}
