package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * An observation, or values of covariates, found good.
 *
 * @param source what it was read from
 * @param series what it is of; of covariates a series, a group, or empty for all series
 * @param group of the series; null where the job has no groups
 * @param values one per channel, their own units, of the size that a 32-bit float can have; NaN is
 *     missing
 */
public record Measurement(
    RecordOrigin source, String series, @Nullable String group, long timeMillis, double[] values) {

  /** Without a group. */
  public Measurement(RecordOrigin source, String series, long timeMillis, double[] values) {
    this(source, series, null, timeMillis, values);
  }

  /**
   * Whether a number can be a value: models compute in 32-bit floats, and one beyond their range is
   * infinite there.
   */
  public static boolean isValue(double number) {
    return Float.isFinite((float) number);
  }

  /** The same, told apart by nothing but where it was read. */
  public Measurement from(RecordOrigin origin) {
    return new Measurement(origin, series, group, timeMillis, values);
  }
}
