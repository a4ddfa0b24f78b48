package io.tidecast.evaluation.backtest;

import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.ArrayList;
import java.util.List;

/** A forecaster that is measured, with the windows that wait for it. One thread. */
final class Contender {

  private final String name;
  private final Forecaster forecaster;
  private final Scores scores;
  private final WindowBatch windows;
  private final ForecastBatch forecasts;
  private final List<double[]> bases = new ArrayList<>();
  private PointErrors errors = new PointErrors();

  /**
   * @param batch windows that may wait
   */
  Contender(String name, Forecaster forecaster, int batch) {
    this.name = name;
    this.forecaster = forecaster;
    this.scores = new Scores(forecaster.spec().horizon(), forecaster.spec().quantileLevels());
    this.windows = new WindowBatch(forecaster.spec(), batch);
    this.forecasts = new ForecastBatch(forecaster.spec(), batch);
  }

  Forecaster forecaster() {
    return forecaster;
  }

  Scores scores() {
    return scores;
  }

  /** Its errors on the series at hand, in standard deviations. */
  PointErrors errors() {
    return errors;
  }

  /** Goes on with another series. */
  void begin() {
    errors = new PointErrors();
  }

  /** Adds a window, told from its bases if the forecaster moves with them, as a job does. */
  void add(Window window) {
    boolean moves = forecaster.isShiftEquivariant();
    int unused = windows.add(moves ? window : window.absolute());
    bases.add(moves ? window.bases() : Window.NO_BASES);
  }

  /** Forecasts from the windows that wait. */
  void run() {
    forecaster.forecast(windows, forecasts);
    windows.clear();
  }

  /** Forgets the windows that were forecast from. */
  void clear() {
    bases.clear();
  }

  /**
   * A forecast in units of the series.
   *
   * @param points {@code [horizon][target]}
   * @param quantiles {@code [horizon][target][level]}
   * @param bases one per channel of the model; empty where all are 0
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Forecast(double[] points, double[] quantiles, double[] bases) {}

  /** Returns one of the forecasts of the last run. */
  Forecast forecast(int row) {
    float[] points = new float[forecaster.spec().pointsSize()];
    float[] quantiles = new float[forecaster.spec().quantilesSize()];
    forecasts.points(row, points);
    forecasts.quantiles(row, quantiles);
    int levels = forecaster.spec().quantileLevels().size();
    return new Forecast(
        absolute(points, bases.get(row), 1),
        absolute(quantiles, bases.get(row), levels),
        bases.get(row));
  }

  private double[] absolute(float[] values, double[] from, int each) {
    List<Integer> targets = forecaster.spec().targets();
    double[] absolute = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double base = from.length == 0 ? 0 : from[targets.get(i / each % targets.size())];
      absolute[i] = values[i] + base;
    }
    return absolute;
  }

  BacktestReport.Scored scored() {
    return scores.of(name);
  }
}
