package io.tidecast.runtime.serving;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers with the last value of the context plus 1 and plus 2, infinity after the greatest float,
 * once it has shown each run to somebody who may throw.
 */
final class LastValueModel extends GuardedForecaster {

  static final ForecasterSpec SPEC = new ForecasterSpec("last-value", "7", 4, 2, 1, List.of());

  private final Consumer<float[]> before;
  private volatile boolean released;

  /**
   * @param before sees the last values of a batch before each run
   */
  LastValueModel(Consumer<float[]> before) {
    super(SPEC);
    this.before = before;
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    float[] last = new float[windows.size()];
    float[] context = new float[SPEC.contextSize()];
    for (int row = 0; row < last.length; row++) {
      windows.context(row, context);
      last[row] = context[context.length - 1];
    }
    before.accept(last);
    for (int row = 0; row < last.length; row++) {
      float ahead = last[row] == Float.MAX_VALUE ? Float.POSITIVE_INFINITY : last[row] + 1;
      forecasts.setPoints(row, new float[] {ahead, ahead + 1});
    }
  }

  @Override
  protected void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }
}
