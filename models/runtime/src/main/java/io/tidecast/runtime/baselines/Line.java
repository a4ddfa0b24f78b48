package io.tidecast.runtime.baselines;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;

/**
 * Goes on from the last cell as steeply as the line from the first cell of the context to it, which
 * is the drift method of Hyndman and Athanasopoulos. A context of one cell is repeated.
 */
public final class Line extends ContextBaseline {

  /**
   * @param model whose context length, horizon, channels and targets it takes; it is given the
   *     context alone and gives no quantiles
   */
  public Line(ForecasterSpec model) {
    super("line", "1", model);
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    FloatBuffer context = windows.rows(TensorRole.CONTEXT).cells();
    FloatBuffer points = forecasts.rows(TensorRole.POINT).cells();
    int channels = spec().channels();
    int steps = Math.max(1, spec().contextLength() - 1);
    int at = 0;
    for (int row = 0; row < windows.size(); row++) {
      int first = row * spec().contextSize();
      int last = first + spec().contextSize() - channels;
      for (int step = 1; step <= spec().horizon(); step++) {
        for (int target : targets) {
          double end = context.get(last + target);
          double slope = (end - context.get(first + target)) / steps;
          points.put(at++, (float) (end + slope * step));
        }
      }
    }
  }
}
