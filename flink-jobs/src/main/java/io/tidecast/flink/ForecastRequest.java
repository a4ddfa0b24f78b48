package io.tidecast.flink;

/**
 * A context that waits for its forecast.
 *
 * @param originMillis time of the last context cell
 * @param context {@code [time][channel]} row-major, oldest first, units of the series; NaN is
 *     missing; not copied
 */
public record ForecastRequest(String series, long originMillis, float[] context) {}
