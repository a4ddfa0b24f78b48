package io.tidecast.runtime;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * The baseline to beat: what was seen one season ago, repeated over the horizon. A season of one
 * step repeats the last cell.
 */
public final class SeasonalNaive extends GuardedForecaster {

  private final int seasonSteps;

  /**
   * @param model whose context length, prediction length and channels it takes; it gives no
   *     quantiles
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
            List.of()));
    Checks.require(
        seasonSteps >= 1 && seasonSteps <= model.contextLength(),
        "must be within 1.." + model.contextLength(),
        "seasonSteps",
        seasonSteps);
    this.seasonSteps = seasonSteps;
  }

  @Override
  void run(WindowBatch windows, ForecastBatch forecasts) {
    FloatBuffer context = windows.rows().cells();
    FloatBuffer points = forecasts.points().cells();
    int contextSize = spec().contextSize();
    int pointsSize = spec().pointsSize();
    int seasonSize = seasonSteps * spec().channels();
    for (int row = 0; row < windows.size(); row++) {
      int season = (row + 1) * contextSize - seasonSize;
      for (int i = 0; i < pointsSize; i++) {
        points.put(row * pointsSize + i, context.get(season + i % seasonSize));
      }
    }
  }

  @Override
  void release() {
    // Holds nothing but memory of the heap.
  }
}
