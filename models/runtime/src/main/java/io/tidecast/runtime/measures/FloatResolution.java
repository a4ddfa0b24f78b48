package io.tidecast.runtime.measures;

import java.util.Locale;

/**
 * Tells whether 32-bit floats, in which models compute, can tell the values of a channel apart: at
 * a level of 1e9 they are 64 apart.
 *
 * @param level greatest absolute value
 * @param spacing from a float at that level to the next
 * @param deviation standard deviation (population) of all values
 * @param change root mean square of the change from one row to the next
 */
public record FloatResolution(double level, double spacing, double deviation, double change) {
  /** Rounding then adds less than a hundred-thousandth to the variance. */
  private static final double SHARE_OF_DEVIATION = 0.01;

  /** Rounding then adds less than a thousandth to the squared error of repeating the last value. */
  private static final double SHARE_OF_CHANGE = 0.1;

  /** How many times finer than enough nobody would notice. */
  private static final double AMPLE = 10;

  /**
   * Measures a channel.
   *
   * @param values {@code [row][channel]} row-major; NaN is missing
   */
  public static FloatResolution of(double[] values, int channels, int channel) {
    double level = 0;
    double sum = 0;
    int known = 0;
    for (int at = channel; at < values.length; at += channels) {
      double value = values[at];
      if (!Double.isNaN(value)) {
        level = Math.max(level, Math.abs(value));
        sum += value;
        known++;
      }
    }
    double squares = 0;
    double changes = 0;
    int pairs = 0;
    double before = Double.NaN;
    for (int at = channel; at < values.length; at += channels) {
      double value = values[at];
      if (!Double.isNaN(value)) {
        squares += (value - sum / known) * (value - sum / known);
      }
      if (!Double.isNaN(value) && !Double.isNaN(before)) {
        changes += (value - before) * (value - before);
        pairs++;
      }
      before = value;
    }
    return new FloatResolution(
        level,
        Math.ulp((float) level),
        Math.sqrt(squares / Math.max(1, known)),
        Math.sqrt(changes / Math.max(1, pairs)));
  }

  /** Whether a forecast is as good as one of exact values. What never changes always is. */
  public boolean isEnough() {
    return isFinerBy(1);
  }

  /** Whether nobody would notice that there are floats. */
  public boolean isAmple() {
    return isFinerBy(AMPLE);
  }

  private boolean isFinerBy(double times) {
    return level <= Float.MAX_VALUE
        && (change == 0
            || (times * spacing <= SHARE_OF_DEVIATION * deviation
                && times * spacing <= SHARE_OF_CHANGE * change));
  }

  /** Says what is wrong where it is not enough, for people, as it goes on after a name. */
  public String complaint() {
    return level > Float.MAX_VALUE
        ? String.format(
            Locale.ROOT, "has values up to %.3g, more than a 32-bit float can hold", level)
        : String.format(
            Locale.ROOT,
            "has values up to %.10g, where 32-bit floats, in which models compute, are %.3g apart: "
                + "too coarse for its standard deviation of %.3g and its change of %.3g from row to row",
            level,
            spacing,
            deviation,
            change);
  }
}
