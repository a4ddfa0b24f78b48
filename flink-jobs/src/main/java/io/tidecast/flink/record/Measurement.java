package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * An observation, or values of covariates, found good.
 *
 * @param source what it was read from
 * @param series what it is of; of covariates a series, a group, or empty for all series
 * @param group of the series; null where the job has no groups
 * @param values one per channel, their own units; NaN is missing
 */
public record Measurement(
    RecordOrigin source, String series, @Nullable String group, long timeMillis, float[] values) {

  /** Without a group. */
  public Measurement(RecordOrigin source, String series, long timeMillis, float[] values) {
    this(source, series, null, timeMillis, values);
  }

  /** The same, told apart by nothing but where it was read. */
  public Measurement from(RecordOrigin origin) {
    return new Measurement(origin, series, group, timeMillis, values);
  }
}
