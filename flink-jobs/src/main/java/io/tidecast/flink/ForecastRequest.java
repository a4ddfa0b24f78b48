package io.tidecast.flink;

import io.tidecast.runtime.Window;

/**
 * A context that waits for its forecast.
 *
 * @param originMillis time of the last context cell
 * @param context {@code [time][channel]} row-major, oldest first, units of the series; NaN is
 *     missing; not copied
 */
public record ForecastRequest(String series, long originMillis, float[] context) {

  /** What the model is given. */
  Window window(long stepMillis) {
    return new Window(series, originMillis, stepMillis, context);
  }
}
