package io.tidecast.runtime.baselines;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The baseline to beat: what was seen one season ago, repeated over the horizon. A season of one
 * step repeats the last cell. A season that reaches before the first known cell repeats that cell,
 * as it is filled, whether or not the model pads.
 */
public final class SeasonalNaive extends GuardedForecaster {

  private final int seasonSteps;
  private final int[] targets;

  /**
   * @param model whose context length, horizon, channels and targets it takes; it is given the
   *     context alone and gives no quantiles
   * @param seasonSteps cells of one season, at most the context length
   */
  public SeasonalNaive(ForecasterSpec model, int seasonSteps) {
    super(
        new ForecasterSpec(
            "seasonal-naive",
            String.valueOf(seasonSteps),
            model.contextLength(),
            model.predictionLength(),
            model.channels(),
            model.targets(),
            ForecasterInputs.NONE,
            List.of(),
            false,
            model.horizon()));
    Checks.require(
        seasonSteps >= 1 && seasonSteps <= model.contextLength(),
        "must be within 1.." + model.contextLength(),
        "seasonSteps",
        seasonSteps);
    this.seasonSteps = seasonSteps;
    this.targets = model.targets().stream().mapToInt(Integer::intValue).toArray();
  }

  /** It repeats what is in the context. */
  @Override
  public boolean isShiftEquivariant() {
    return true;
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

  @Override
  protected void release() {
    // Holds nothing but memory of the heap.
  }
}
