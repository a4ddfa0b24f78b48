package io.tidecast.flink.sink.record;

import io.tidecast.flink.record.IssuedForecast;

/**
 * One value of a forecast that is being written.
 *
 * @param series of the forecast, in UTF-8
 * @param step from 0
 * @param target from 0
 * @param timeMillis that it is of
 */
record Point(IssuedForecast forecast, byte[] series, int step, int target, long timeMillis) {

  /** The name of the target, or its number where targets have no names. */
  String targetName() {
    String[] names = forecast.issuer().targets();
    return names.length == 0 ? Integer.toString(target) : names[target];
  }

  double value() {
    return forecast.point(step, target);
  }
}
