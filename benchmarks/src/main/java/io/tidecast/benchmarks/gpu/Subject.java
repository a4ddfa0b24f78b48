package io.tidecast.benchmarks.gpu;

import io.tidecast.benchmarks.inference.Contexts;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;

/** A model on a device, with windows that are the same for every device. One thread uses it. */
final class Subject implements AutoCloseable {

  private static final long STEP_MILLIS = 1_800_000;

  private final Forecaster forecaster;

  Subject(Forecaster forecaster) {
    this.forecaster = forecaster;
  }

  Placement placement() {
    return forecaster.placement();
  }

  /** A batch of so many windows, filled. */
  WindowBatch windows(int size) {
    ForecasterSpec spec = forecaster.spec();
    WindowBatch windows = new WindowBatch(spec, size);
    float[][] contexts = Contexts.of(spec, size);
    float[] known = new float[spec.futureCovariatesSize()];
    for (int row = 0; row < size; row++) {
      for (int i = 0; i < known.length; i++) {
        known[i] = (float) Math.sin(row + i);
      }
      windows.add(
          new Window("series-" + row, row * STEP_MILLIS, STEP_MILLIS, contexts[row], known));
    }
    return windows;
  }

  /** Runs a batch once. */
  void run(WindowBatch windows, ForecastBatch forecasts) {
    forecaster.forecast(windows, forecasts);
  }

  ForecastBatch forecasts(int size) {
    return new ForecastBatch(forecaster.spec(), size);
  }

  /** All points of a batch, row after row, in the units of the series. */
  float[] points(int size) {
    ForecastBatch forecasts = forecasts(size);
    run(windows(size), forecasts);
    int points = forecaster.spec().pointsSize();
    float[] all = new float[size * points];
    float[] row = new float[points];
    for (int i = 0; i < size; i++) {
      forecasts.points(i, row);
      System.arraycopy(row, 0, all, i * points, points);
    }
    return all;
  }

  @Override
  public void close() {
    forecaster.close();
  }
}
