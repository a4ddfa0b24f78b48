package io.tidecast.runtime.scores;

/** By what forecasts of single cells are compared, each without a unit. */
public enum LossMetric {
  /** The absolute error, by the mean absolute error of the seasonal naive one season ahead. */
  MAE,
  /** The squared error, by the mean squared error of the seasonal naive one season ahead. */
  MSE,
  /**
   * What CRPS is for the quantiles, by the mean absolute error of the seasonal naive; of points
   * alone, the absolute error.
   */
  CRPS
}
