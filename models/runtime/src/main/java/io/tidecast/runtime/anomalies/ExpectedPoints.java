package io.tidecast.runtime.anomalies;

/** What a forecast expects, units of the series. */
@FunctionalInterface
public interface ExpectedPoints {

  /**
   * A point of the forecast.
   *
   * @param step from 0 for the first cell after the origin
   * @param target in the order of the forecast
   */
  double point(int step, int target);
}
