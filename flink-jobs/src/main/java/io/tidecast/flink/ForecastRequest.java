package io.tidecast.flink;

import io.tidecast.runtime.Window;

/**
 * A context that waits for its forecast.
 *
 * @param originMillis time of the last context cell
 * @param context {@code [time][channel]} row-major, oldest first, units of the series; NaN is
 *     missing; not copied
 * @param filledCells values of the context that were missing and have been filled
 * @param revision 0 the first time that a forecast from this origin is asked for
 */
public record ForecastRequest(
    String series, long originMillis, float[] context, int filledCells, int revision) {

  /** What the model is given. */
  Window window(GridStep step) {
    return new Window(series, step.wallMillis(originMillis), step.millis(), context);
  }
}
