package io.tidecast.runtime.serving;

import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.List;

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
    Window given = given(baseline, window);
    int filled = windows.add(given) - beforeTheSeries(given.context());
    baseline.forecast(windows, forecasts);
    return made(forecasts, filled, basesOf(baseline, window));
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

  /** A window as a forecaster can be given it: where it cannot do with bases, told from 0. */
  static Window given(Forecaster forecaster, Window window) {
    return forecaster.isShiftEquivariant() ? window : window.absolute();
  }

  /** What the forecasts of a window are told from then. */
  static double[] basesOf(Forecaster forecaster, Window window) {
    return forecaster.isShiftEquivariant() ? window.bases() : Window.NO_BASES;
  }

  private static Answer.Made made(ForecastBatch forecasts, int filledCells, double[] bases) {
    float[] points = new float[forecasts.spec().pointsSize()];
    float[] quantiles = new float[forecasts.spec().quantilesSize()];
    forecasts.points(0, points);
    forecasts.quantiles(0, quantiles);
    double[] itsBases = ofTargets(bases, forecasts.spec().targets());
    return new Answer.Made(forecasts.spec(), points, quantiles, filledCells, true, itsBases);
  }

  /** Of bases, one per channel of a context, those of the targets; none where all are 0. */
  static double[] ofTargets(double[] bases, List<Integer> targets) {
    if (bases.length == 0) {
      return Window.NO_BASES;
    }
    double[] its = new double[targets.size()];
    for (int i = 0; i < its.length; i++) {
      its[i] = bases[targets.get(i)];
    }
    return its;
  }
}
