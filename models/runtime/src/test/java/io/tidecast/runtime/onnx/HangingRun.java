package io.tidecast.runtime.onnx;

import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A program that is in the middle of runs when it is killed. */
final class HangingRun {

  static final String RUNNING = "running";

  private HangingRun() {}

  public static void main(String[] arguments) throws Exception {
    OnnxOptions options = OnnxOptions.serving(2, Duration.ofHours(1));
    Forecaster model = OnnxForecaster.open(TestModels.hangsOnAValue(), options);
    for (int i = 0; i < 4; i++) {
      Thread thread = new Thread(() -> run(model));
      thread.setDaemon(true);
      thread.start();
    }
    // Some runs hang, and others begin and end all the time.
    TimeUnit.MILLISECONDS.sleep(300);
    System.out.println(RUNNING);
    forecast(model, 1);
    while (true) {
      forecast(model, 1);
    }
  }

  private static void run(Forecaster model) {
    forecast(model, TestModels.HANGING_VALUE);
  }

  private static void forecast(Forecaster model, float value) {
    WindowBatch windows = new WindowBatch(model.spec(), 1);
    windows.add(Window.of(new float[] {1, 2, 3, value}));
    model.forecast(windows, new ForecastBatch(model.spec(), 1));
  }
}
