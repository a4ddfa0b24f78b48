package io.tidecast.flink;

/**
 * An observation that was found good.
 *
 * @param source what it was read from
 * @param values one per channel, units of the series; NaN is missing
 */
public record Measurement(SourceRecord source, String series, long timeMillis, float[] values) {}
