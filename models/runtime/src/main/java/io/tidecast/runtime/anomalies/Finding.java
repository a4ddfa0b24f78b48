package io.tidecast.runtime.anomalies;

import static java.util.Objects.requireNonNull;

/**
 * What there is to tell of a value: one finding for each kind, channel and cell; a later one takes
 * the place of an earlier one.
 *
 * @param kind what was found
 * @param channel number of the channel
 * @param value what was found, and what was expected
 * @param score how far out: 1 is the threshold
 * @param run the values that speak for it
 * @param shift where the level moved to; {@link Levels#NONE} for an anomaly
 * @param revision 0 for the first finding of its kind, channel and cell, then counting; stays at
 *     {@link #LAST_REVISION}
 * @param withdrawn whether a correction took back what an earlier finding said
 */
public record Finding(
    Kind kind,
    int channel,
    Judged value,
    double score,
    Run run,
    Levels shift,
    int revision,
    boolean withdrawn) {

  /** Those after it are not told apart by their number. */
  public static final int LAST_REVISION = 63;

  public Finding {
    requireNonNull(kind, "kind is null");
    requireNonNull(value, "value is null");
    requireNonNull(run, "run is null");
    requireNonNull(shift, "shift is null");
  }

  /** What was found. */
  public enum Kind {
    /** A value outside of its interval. */
    ANOMALY,
    /** A level that has moved. */
    LEVEL_SHIFT
  }

  /**
   * The values that speak for a finding.
   *
   * @param outside how many lay outside on its side
   * @param among of how many
   * @param since number of the cell of the first of them that lay outside
   */
  public record Run(int outside, int among, long since) {}

  /**
   * A shift of level, units of the series.
   *
   * @param before median of what was expected since it began
   * @param after the same and the median of how far the values lay from it
   */
  public record Levels(double before, double after) {

    /** There is no shift. */
    public static final Levels NONE = new Levels(Double.NaN, Double.NaN);

    /** Whether there is a shift. */
    public boolean isShift() {
      return !Double.isNaN(after);
    }
  }
}
