package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How much a counter has counted from one reading to the next. Readings are doubles: what a counter
 * counts is small beside its level.
 *
 * @param reset what a reading says that is below the one before
 * @param gap whose the increase is of cells without a reading
 * @param wrapsAt what the counter reaches before it goes on at 0; null if it does not
 */
public record CounterRule(Reset reset, Gap gap, @Nullable Double wrapsAt) implements Serializable {

  /** What is known of a counter that has fallen. */
  public enum Reset {
    /** It has begun anew at 0, unless it fell by less than a tenth. */
    FROM_ZERO,
    /** Nothing: the cell of the reading is missing. */
    MISSING
  }

  /** To which cells belongs what was counted while nothing was read. */
  public enum Gap {
    /** To none: the cell of the first reading after it is missing, too. */
    MISSING,
    /** To the cells without a reading and to the one after them, evenly. */
    SPREAD,
    /** To the cell of the first reading after it. */
    WHOLE
  }

  /** Counts from zero where a counter falls, and knows nothing of gaps. */
  public static final CounterRule DEFAULT = new CounterRule(Reset.FROM_ZERO, Gap.MISSING, null);

  /** A counter that falls to more than this share of what it had was corrected, not begun anew. */
  private static final double CORRECTED = 0.9;

  public CounterRule {
    requireNonNull(reset, "reset is null");
    requireNonNull(gap, "gap is null");
    if (wrapsAt != null && !(wrapsAt > 0 && wrapsAt < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("must be positive and finite: wrapsAt=" + wrapsAt);
    }
  }

  /** Whether a counter has begun anew, or was corrected, between two readings. */
  public boolean falls(double from, double to) {
    return to < from && Double.isNaN(wrapped(from, to));
  }

  /** The increase between two readings that follow each other; NaN where it is not known. */
  public double increase(double from, double to) {
    if (to >= from) {
      return to - from;
    }
    double wrapped = wrapped(from, to);
    if (!Double.isNaN(wrapped)) {
      return wrapped;
    }
    boolean begunAnew = reset == Reset.FROM_ZERO && to >= 0 && to <= CORRECTED * from;
    return begunAnew ? to : Double.NaN;
  }

  /** The increase over the end of a counter; NaN if it is more likely to have fallen. */
  private double wrapped(double from, double to) {
    if (wrapsAt == null || from > wrapsAt || to < 0) {
      return Double.NaN;
    }
    double increase = to + wrapsAt - from;
    return increase <= wrapsAt / 2 ? increase : Double.NaN;
  }
}
