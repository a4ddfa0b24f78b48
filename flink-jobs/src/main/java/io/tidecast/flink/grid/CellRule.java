package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * How the observations of a cell become its value, channel by channel.
 *
 * <p>The order of arrival does not matter, but among observations of the same time: {@code LAST}
 * and {@code FIRST} go by the time of the observation, and sums are kept as two doubles, a total
 * and what its roundings lost, which is exact to about 100 bits.
 *
 * <p>What is between observations counts for some: the increase of a counter, the time that a value
 * held. Those are of readings: a cell must know them all, and the last one before it.
 *
 * @param maxObservations of a cell, where each of them must be kept
 * @param counter for {@code DELTA} and {@code RATE}
 */
public record CellRule(
    Aggregate aggregate, Duplicates duplicates, int maxObservations, CounterRule counter)
    implements Serializable {

  /** What a cell says of its observations. */
  public enum Aggregate {
    LAST(0, Long.BYTES),
    FIRST(1, Long.BYTES),
    MEAN(2, 3 * Double.BYTES),
    SUM(3, 2 * Double.BYTES),
    MIN(4, 0),
    MAX(5, 0),
    /** Of values; a cell without any is missing, not 0. */
    COUNT(6, 0),
    /** What a counter counted, from its last reading before the cell to its last one in it. */
    DELTA(7, 0),
    /** The same by the seconds between those readings. */
    RATE(8, 0),
    /** Each value weighs as much as it held, until the next; the last one before a cell goes on. */
    TIME_WEIGHTED_MEAN(9, 0);

    private final int code;
    private final int openBytes;

    Aggregate(int code, int openBytes) {
      this.code = code;
      this.openBytes = openBytes;
    }
  }

  /** What becomes of a second observation of the same series, channel and time. */
  public enum Duplicates {
    /** It takes the place of the first. */
    LAST(0),
    /** It is ignored. */
    FIRST(1),
    /** It counts beside the first. */
    AGGREGATE(2);

    private final int code;

    Duplicates(int code) {
      this.code = code;
    }
  }

  private static final int CODE_BITS = 8;
  private static final int LOST_AT = Double.BYTES;
  private static final int COUNT_AT = 2 * Double.BYTES;

  public CellRule {
    requireNonNull(aggregate, "aggregate is null");
    requireNonNull(duplicates, "duplicates is null");
    requireNonNull(counter, "counter is null");
  }

  /** Of counters as by default, if of counters. */
  public CellRule(Aggregate aggregate, Duplicates duplicates, int maxObservations) {
    this(aggregate, duplicates, maxObservations, CounterRule.DEFAULT);
  }

  /**
   * Whether an open cell must remember each of its observations: what it adds up does not tell
   * which times are in it.
   */
  public boolean keepsObservations() {
    boolean isReplaced = aggregate == Aggregate.LAST || aggregate == Aggregate.FIRST;
    return isOfReadings() || (duplicates != Duplicates.AGGREGATE && !isReplaced);
  }

  /** Whether what is between observations counts. */
  public boolean isOfReadings() {
    return isOfCounters() || aggregate == Aggregate.TIME_WEIGHTED_MEAN;
  }

  /** Whether observations are readings of a counter. */
  public boolean isOfCounters() {
    return aggregate == Aggregate.DELTA || aggregate == Aggregate.RATE;
  }

  /** Whether a cell that nothing was observed in may have a value of what was before and after. */
  public boolean valuesSilentCells() {
    return aggregate == Aggregate.TIME_WEIGHTED_MEAN || spreads();
  }

  /** Whether a silent cell has a value of what was counted until after it. */
  public boolean spreads() {
    return isOfCounters() && counter.gap() == CounterRule.Gap.SPREAD;
  }

  /** Whether an observation can do without the others of its cell: it replaces them. */
  public boolean replaces() {
    return aggregate == Aggregate.LAST && duplicates != Duplicates.FIRST;
  }

  /** Bytes that an open cell needs for each value besides the value. */
  public int openBytes() {
    return keepsObservations() ? 0 : aggregate.openBytes;
  }

  /** Stable. */
  public int code() {
    return aggregate.code | duplicates.code << CODE_BITS;
  }

  /**
   * The rule that a code stands for, whatever its greatest number of observations.
   *
   * @throws IllegalStateException if it is of a later version
   */
  public static CellRule ofCode(int code) {
    for (Aggregate aggregate : Aggregate.values()) {
      for (Duplicates duplicates : Duplicates.values()) {
        CellRule rule = new CellRule(aggregate, duplicates, 0);
        if (rule.code() == code) {
          return rule;
        }
      }
    }
    throw new IllegalStateException("must be of a known rule: code=" + code);
  }

  /**
   * Takes one more value into a cell.
   *
   * @param open what the cell needs besides, at {@code at}; its content counts only beside a value
   * @param kept NaN without a value so far
   * @return the cell's new value, finite as a 32-bit float
   */
  public double fold(ByteBuffer open, int at, double kept, long timeMillis, double value) {
    boolean empty = Double.isNaN(kept);
    return switch (aggregate) {
      case LAST -> {
        boolean later =
            empty
                || timeMillis > open.getLong(at)
                || timeMillis == open.getLong(at) && duplicates != Duplicates.FIRST;
        yield replace(later, open, at, kept, timeMillis, value);
      }
      case FIRST -> {
        boolean earlier =
            empty
                || timeMillis < open.getLong(at)
                || timeMillis == open.getLong(at) && duplicates == Duplicates.LAST;
        yield replace(earlier, open, at, kept, timeMillis, value);
      }
      case MIN -> empty ? value : Math.min(kept, value);
      case MAX -> empty ? value : Math.max(kept, value);
      case COUNT -> empty ? 1 : kept + 1;
      case SUM -> finite(add(empty, open, at, value));
      case MEAN -> {
        long count = empty ? 1 : open.getLong(at + COUNT_AT) + 1;
        open.putLong(at + COUNT_AT, count);
        yield finite(add(empty, open, at, value) / count);
      }
      case DELTA, RATE, TIME_WEIGHTED_MEAN ->
          throw new IllegalStateException("must be made of all readings: " + aggregate);
    };
  }

  private static double replace(
      boolean holds, ByteBuffer open, int at, double kept, long timeMillis, double value) {
    if (!holds) {
      return kept;
    }
    open.putLong(at, timeMillis);
    return value;
  }

  /** Knuth's two-sum: the total, and apart from it, without error, what rounding it lost. */
  private static double add(boolean empty, ByteBuffer open, int at, double value) {
    double total = empty ? 0 : open.getDouble(at);
    double lost = empty ? 0 : open.getDouble(at + LOST_AT);
    double next = total + value;
    double added = next - total;
    lost += total - (next - added) + (value - added);
    open.putDouble(at, next);
    open.putDouble(at + LOST_AT, lost);
    return next + lost;
  }

  /** A total beyond the range of float is the greatest that there is: models take no infinity. */
  private static double finite(double value) {
    return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
  }
}
