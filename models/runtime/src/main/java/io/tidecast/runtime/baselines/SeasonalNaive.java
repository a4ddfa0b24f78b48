package io.tidecast.runtime.baselines;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;

/**
 * The baseline to beat: what was seen one season ago, repeated over the horizon. A season of one
 * step repeats the last cell. A season that reaches before the first known cell repeats that cell,
 * as it is filled, whether or not the model pads.
 */
public final class SeasonalNaive extends ContextBaseline {

  private final int seasonSteps;

  /**
   * @param model whose context length, horizon, channels and targets it takes; it is given the
   *     context alone and gives no quantiles
   * @param seasonSteps cells of one season, at most the context length
   */
  public SeasonalNaive(ForecasterSpec model, int seasonSteps) {
    super("seasonal-naive", String.valueOf(seasonSteps), model);
    Checks.require(
        seasonSteps >= 1 && seasonSteps <= model.contextLength(),
        "must be within 1.." + model.contextLength(),
        "seasonSteps",
        seasonSteps);
    this.seasonSteps = seasonSteps;
  }

  @Override
  protected void run(WindowBatch windows, ForecastBatch forecasts) {
    FloatBuffer context = windows.rows(TensorRole.CONTEXT).cells();
    FloatBuffer points = forecasts.rows(TensorRole.POINT).cells();
    int channels = spec().channels();
    int at = 0;
    for (int row = 0; row < windows.size(); row++) {
      int season = (row + 1) * spec().contextSize() - seasonSteps * channels;
      for (int step = 0; step < spec().horizon(); step++) {
        int cell = season + step % seasonSteps * channels;
        for (int target : targets) {
          points.put(at++, context.get(cell + target));
        }
      }
    }
  }
}
