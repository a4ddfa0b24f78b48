package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Gives the first cells of another forecaster's forecasts. */
final class CutForecaster extends GuardedForecaster {

  private final Forecaster model;

  /** These hold what the model gave; there are as many as there are calls at a time. */
  private final ConcurrentLinkedQueue<ForecastBatch> wholes = new ConcurrentLinkedQueue<>();

  CutForecaster(Forecaster model, ForecasterSpec cut) {
    super(cut);
    this.model = model;
  }

  @Override
  public boolean isShiftEquivariant() {
    return model.isShiftEquivariant();
  }

  @Override
  public Placement placement() {
    return model.placement();
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    ForecastBatch whole = wholes.poll();
    if (whole == null || whole.capacity() < windows.size()) {
      whole = new ForecastBatch(model.spec(), windows.capacity());
    }
    model.forecast(windows, whole);
    float[] points = new float[spec().pointsSize()];
    float[] quantiles = new float[spec().quantilesSize()];
    for (int row = 0; row < windows.size(); row++) {
      whole.firstPoints(row, points);
      forecasts.setPoints(row, points);
      whole.firstQuantiles(row, quantiles);
      forecasts.setQuantiles(row, quantiles);
    }
    wholes.add(whole);
  }

  @Override
  protected void release() {
    model.close();
  }
}
