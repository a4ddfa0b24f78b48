package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

/**
 * A value that the forecasts did not expect, or a level that a series has moved to. Series, target,
 * time and kind name it: a later one takes the place of an earlier one, and may lie on the other
 * side.
 *
 * @param timeMillis of the cell, epoch milliseconds
 * @param kind what it is, in a word or two for people
 * @param direction on which side of what was expected it lies, in a word for people
 * @param value in the units of the series
 * @param expected the range that it is outside of
 * @param score how far; 1 is the threshold
 * @param withdrawn whether it takes back what was said before
 */
public record Breach(
    String series,
    String target,
    long timeMillis,
    String kind,
    String direction,
    double value,
    Range expected,
    double score,
    boolean withdrawn) {

  /** What was expected, in the units of the series. */
  public record Range(double low, double high) {}

  public Breach {
    requireNonNull(series, "series is null");
    requireNonNull(target, "target is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(direction, "direction is null");
    requireNonNull(expected, "expected is null");
  }
}
