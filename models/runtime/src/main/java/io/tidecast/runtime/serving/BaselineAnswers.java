package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;

/**
 * Answers in place of the model. One thread at a time; the baseline stays the caller's to close.
 */
public final class BaselineAnswers {

  private final Forecaster baseline;
  private final WindowBatch windows;
  private final ForecastBatch forecasts;

  /**
   * @param baseline which fills what is missing of a context, such as {@link
   *     io.tidecast.runtime.baselines.SeasonalNaive}
   */
  public BaselineAnswers(Forecaster baseline) {
    this.baseline = baseline;
    this.windows = new WindowBatch(baseline.spec(), 1);
    this.forecasts = new ForecastBatch(baseline.spec(), 1);
  }

  /** Returns the forecast of one window, which is not kept. */
  public Answer.Made answer(Window window) {
    windows.clear();
    int filled = windows.add(window) - beforeTheSeries(window.context());
    baseline.forecast(windows, forecasts);
    return made(forecasts, 0, filled, true);
  }

  /**
   * Counts the missing cells before the series: the baseline repeats the first cell there, which
   * fills no gap.
   */
  private static int beforeTheSeries(float[] context) {
    int missing = 0;
    while (Float.isNaN(context[missing])) {
      missing++;
    }
    return missing;
  }

  /** Copies one row of a batch. */
  static Answer.Made made(ForecastBatch forecasts, int row, int filledCells, boolean fallback) {
    float[] points = new float[forecasts.spec().pointsSize()];
    float[] quantiles = new float[forecasts.spec().quantilesSize()];
    forecasts.points(row, points);
    forecasts.quantiles(row, quantiles);
    return new Answer.Made(forecasts.spec(), points, quantiles, filledCells, fallback);
  }
}
