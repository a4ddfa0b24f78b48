package io.tidecast.runtime.scores;

/** What a forecast says, units of the series. */
public interface ForecastValues {

  /**
   * A point of the forecast.
   *
   * @param step from 0 for the first cell after the origin
   * @param target in the order of the contestant's channels
   */
  double point(int step, int target);

  /**
   * A quantile of the forecast.
   *
   * @param level in the order of the contestant's levels
   */
  double quantile(int step, int target, int level);
}
