package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;

/**
 * What the job does: contexts checked and copied into a batch, the batch forecast, points copied
 * out row by row.
 */
public final class ForecasterPath implements Contender {

  /**
   * Large batches of a slow model take long on a busy machine, and are to be measured there too.
   */
  private static final Duration RUN_TIMEOUT = Duration.ofMinutes(10);

  private final Forecaster forecaster;
  private final WindowBatch windows;
  private final ForecastBatch forecasts;
  private final float[][] contexts;
  private final float[] points;

  /** Opens a model, for batches of one size. */
  public ForecasterPath(ModelBundle bundle, int intraOpThreads, int batch) {
    this.forecaster = OnnxForecaster.open(bundle, OnnxOptions.serving(intraOpThreads, RUN_TIMEOUT));
    ForecasterSpec spec = forecaster.spec();
    this.windows = new WindowBatch(spec, batch);
    this.forecasts = new ForecastBatch(spec, batch);
    this.contexts = Contexts.of(spec, batch);
    this.points = new float[spec.pointsSize()];
  }

  @Override
  public void run() {
    windows.clear();
    for (float[] context : contexts) {
      windows.add(Window.of(context));
    }
    forecaster.forecast(windows, forecasts);
    for (int row = 0; row < contexts.length; row++) {
      forecasts.points(row, points);
    }
  }

  /** The points that {@link #run} gave last for a window of the batch. */
  public float[] points(int row) {
    float[] copy = new float[points.length];
    forecasts.points(row, copy);
    return copy;
  }

  @Override
  public void close() {
    forecaster.close();
  }
}
