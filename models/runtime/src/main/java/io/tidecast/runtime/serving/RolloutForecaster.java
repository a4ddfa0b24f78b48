package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.onnx.device.Placement;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Gives forecasts that reach further than those of a model, by {@link Rollout}. */
final class RolloutForecaster extends GuardedForecaster {

  private final Forecaster model;

  /** There are as many of them as there are calls at a time. */
  private final ConcurrentLinkedQueue<Rollout> rollouts = new ConcurrentLinkedQueue<>();

  /**
   * @param model whose targets are all of its channels, in any order
   */
  RolloutForecaster(Forecaster model, ForecasterSpec rolledOut) {
    super(rolledOut);
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
    Rollout rollout = rollouts.poll();
    if (rollout == null || rollout.capacity() < windows.size()) {
      rollout = new Rollout(model, windows.capacity());
    }
    rollout.clear();
    for (int row = 0; row < windows.size(); row++) {
      String series = windows.series(row);
      long originMillis = windows.originMillis(row);
      float[] cells = rollout.add(series, originMillis, windows.stepMillis(row), spec().horizon());
      windows.context(row, cells);
    }
    rollout.run(0, windows.runLimit());
    float[] points = new float[spec().pointsSize()];
    for (int row = 0; row < windows.size(); row++) {
      if (!rollout.points(row, points)) {
        Arrays.fill(points, Float.NaN);
      }
      forecasts.setPoints(row, points);
    }
    rollouts.add(rollout);
  }

  @Override
  protected void release() {
    model.close();
  }
}
