package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wait here is over as soon as what it waits for has happened, so the limits are wide. */
@Timeout(120)
class RunLimitsTest {

  private static final float[] GOOD = {1, 2, 3, 4};
  private static final float[] BAD = {1, 2, 3, TestModels.HANGING_VALUE};
  private static final OnnxOptions SHORT = limited(Duration.ofMillis(300));
  private static final OnnxOptions LONG = limited(Duration.ofHours(1));

  @Test
  void shouldEndARunThatTakesTooLongAndServeOn() {
    try (Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), SHORT)) {
      for (int round = 0; round < 2; round++) {
        assertThatExceptionOfType(ModelTimeoutException.class)
            .isThrownBy(() -> forecast(model, GOOD, BAD))
            .withMessage(
                "model must answer within 300 ms, its run was ended: model=hangs-on-a-value/1, windows=2");
        assertThat(forecast(model, GOOD, GOOD)).containsExactly(GOOD);
      }
    }
  }

  @Test
  void shouldTakeTheLimitOfTheBatchWhereThatIsShorter() {
    try (Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), LONG)) {
      WindowBatch windows = batch(model, BAD);
      windows.limitRun(Duration.ofMillis(200));
      assertThatExceptionOfType(ModelTimeoutException.class)
          .isThrownBy(() -> model.forecast(windows, new ForecastBatch(model.spec(), 1)))
          .withMessageStartingWith("model must answer within 200 ms");
    }
  }

  @Test
  void shouldEndNoRunButTheOneThatHangs() throws Exception {
    try (Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), SHORT)) {
      CompletableFuture<float[]> hanging =
          CompletableFuture.supplyAsync(() -> forecast(model, BAD));
      int answered = 0;
      while (!hanging.isDone()) {
        assertThat(forecast(model, GOOD)).containsExactly(GOOD);
        answered++;
      }
      assertThat(hanging).isCompletedExceptionally();
      assertThat(answered).isPositive();
    }
  }

  @Test
  void shouldRefuseAModelThatNeverAnswers() {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.open(TestModels.hangs(), SHORT))
        .withMessage(
            "model must answer a trial window within 300 ms, and all of them within 3 s, it did not: model=hangs/1");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.open(TestModels.hangsOnConstants(), SHORT))
        .withMessageStartingWith("model must answer a trial window within 300 ms");
  }

  @Test
  void shouldGiveUpOnAGraphWhoseConstantsTakeLong() {
    OnnxOptions hasty = limited(Duration.ofMillis(1));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.open(TestModels.slowConstants(), hasty))
        .withMessageStartingWith("model must be opened within 10 ms, it was not");
  }

  @Test
  void shouldRefuseAModelWithoutNumbersForPlausibleWindows() {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.open(TestModels.noNumberForPositives(), SHORT))
        .withMessage(
            "model must answer a plausible window with finite numbers, it did not for a level of 100:"
                + " model=no-number-for-positives/1");
  }

  @Test
  void shouldEndTheRunOfAnInterruptedThread() throws Exception {
    try (Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), LONG)) {
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      Thread thread = hanging(model, ended);
      thread.interrupt();
      assertThat(ended.get()).isInstanceOf(ForecastStoppedException.class);
      thread.join();
      assertThat(forecast(model, GOOD)).containsExactly(GOOD);
    }
  }

  @Test
  void shouldEndTheRunsOfAModelThatIsClosed() throws Exception {
    Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), LONG);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    hanging(model, ended);
    model.close();
    assertThat(ended.get()).isInstanceOf(ForecastStoppedException.class);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> forecast(model, GOOD))
        .withMessageContaining("closed");
  }

  @Test
  void shouldLeaveNoThreadWithoutAModel() throws Exception {
    OnnxForecaster.open(TestModels.identity(), LONG).close();
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("tidecast-run-watch"))) {
      Thread.sleep(10);
    }
  }

  private static OnnxOptions limited(Duration ofEveryRun) {
    return new OnnxOptions(1, ofEveryRun, ofEveryRun);
  }

  /** Starts a thread whose run goes on, and returns while it does. */
  private static Thread hanging(Forecaster model, CompletableFuture<Throwable> ended)
      throws InterruptedException {
    Thread thread =
        new Thread(
            () -> {
              try {
                forecast(model, BAD);
              } catch (Throwable t) {
                ended.complete(t);
              }
            });
    thread.start();
    while (!isInNativeRun(thread)) {
      Thread.sleep(5);
    }
    return thread;
  }

  private static boolean isInNativeRun(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod() && stack[0].getMethodName().equals("run");
  }

  private static WindowBatch batch(Forecaster model, float[]... contexts) {
    WindowBatch windows = new WindowBatch(model.spec(), contexts.length);
    for (float[] context : contexts) {
      windows.add(Window.of(context));
    }
    return windows;
  }

  /** The points of the first window. */
  private static float[] forecast(Forecaster model, float[]... contexts) {
    ForecastBatch forecasts = new ForecastBatch(model.spec(), contexts.length);
    model.forecast(batch(model, contexts), forecasts);
    float[] points = new float[4];
    forecasts.points(0, points);
    return points;
  }
}
