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
 * @param baseline whether the baseline answers and not the model, for which the series is too young
 * @param horizon steps that are wanted; null for all that the model gives
 */
public record ForecastRequest(
    String series,
    long originMillis,
    float[] context,
    int filledCells,
    int revision,
    boolean baseline,
    Integer horizon) {

  /** Of the model, for all that it gives. */
  public ForecastRequest(
      String series, long originMillis, float[] context, int filledCells, int revision) {
    this(series, originMillis, context, filledCells, revision, false, null);
  }

  /** The same for fewer steps. */
  ForecastRequest upTo(Integer steps) {
    return new ForecastRequest(
        series, originMillis, context, filledCells, revision, baseline, steps);
  }

  /** What the model is given. */
  Window window(GridStep step) {
    return new Window(series, step.wallMillis(originMillis), step.millis(), context);
  }
}
