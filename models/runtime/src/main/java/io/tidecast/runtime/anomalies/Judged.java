package io.tidecast.runtime.anomalies;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * A value of a cell beside what was expected, units of the series.
 *
 * @param cell its number
 * @param value NaN where it is missing
 * @param expected the forecast's point, moved by a shift of level that forecasts do not follow yet
 * @param lower end of the interval
 * @param upper end of the interval
 * @param source the forecast
 */
public record Judged(
    long cell, double value, double expected, double lower, double upper, Source source) {

  /** Forecasts are of 32-bit numbers: less by this share than what it is of is no deviation. */
  private static final double ROUNDING = 1e-6;

  static final int BYTES = 6 * Long.BYTES;

  public Judged {
    requireNonNull(source, "source is null");
  }

  /** How many cells after its origin the forecast expected it. */
  public int lead() {
    return (int) (cell - source.origin());
  }

  /** On which side of what was expected it lies. */
  public Side side() {
    return Side.of(value - expected);
  }

  /**
   * How far from what was expected a value on its side is expected at most, the least deviation
   * that counts included.
   */
  double reach(AnomalySettings.Rule rule) {
    double half = side() == Side.ABOVE ? upper - expected : expected - lower;
    double least = Math.max(rule.minimum(), rule.minimumShare() * Math.abs(expected));
    double rounding = ROUNDING * Math.max(Math.abs(value), Math.abs(expected));
    return Math.max(half, Math.max(least, rounding));
  }

  /** How far out it lies: 1 is the threshold; 0 where it is missing. */
  double score(AnomalySettings.Rule rule) {
    double out = Math.abs(value - expected);
    return out > 0 ? out / reach(rule) : 0;
  }

  boolean isKnown() {
    return !Double.isNaN(value);
  }

  boolean isOutside(AnomalySettings.Rule rule) {
    return score(rule) > 1 && rule.sides().has(side());
  }

  /** The same of another value. */
  Judged with(double corrected) {
    return new Judged(cell, corrected, expected, lower, upper, source);
  }

  void write(ByteBuffer out) {
    out.putLong(cell).putDouble(value).putDouble(expected).putDouble(lower).putDouble(upper);
    out.putLong(source.origin());
  }
}
