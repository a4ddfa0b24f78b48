package io.tidecast.evaluation.data;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.grid.GridStep;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Series of one grid and the same channels, each by itself, in the order in which they were found.
 *
 * @param series by name; at least one. What was not observed of one is NaN
 * @param counts what was done to make them of what was found
 */
public record SeriesSet(Map<String, TimeSeries> series, Counts counts) {

  /** The name of the only series of a file that names none. */
  public static final String UNNAMED = "";

  /**
   * What was done to make series of rows, as a job does it.
   *
   * @param rows that were read
   * @param missing values that are not there: those of empty fields, and of rows that are not there
   * @param unordered rows that came after a later one of their series, and were put in order
   * @param doubled rows of a cell that had one already; the last of them counts
   */
  public record Counts(long rows, long missing, long unordered, long doubled) {

    /** Nothing was done. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** Counts the rows of series that needed nothing to be done. */
    public static Counts of(Map<String, TimeSeries> series) {
      long rows = 0;
      long missing = 0;
      for (TimeSeries one : series.values()) {
        rows += one.rows();
        missing += one.missing();
      }
      return new Counts(rows, missing, 0, 0);
    }
  }

  /** Checks that all are alike. */
  public SeriesSet {
    series = new LinkedHashMap<>(series);
    requireNonNull(counts, "counts is null");
    if (series.isEmpty()) {
      throw new IllegalArgumentException("must have a series: series=0");
    }
    TimeSeries first = series.values().iterator().next();
    for (Map.Entry<String, TimeSeries> one : series.entrySet()) {
      if (!one.getValue().grid().equals(first.grid())
          || !one.getValue().channels().equals(first.channels())) {
        throw new IllegalArgumentException(
            "must be of one grid, %s, and of the channels %s: series=%s has %s, %s"
                .formatted(
                    first.grid(),
                    first.channels(),
                    one.getKey(),
                    one.getValue().grid(),
                    one.getValue().channels()));
      }
    }
  }

  /** A set of one series that has no name. */
  public static SeriesSet of(TimeSeries series) {
    Map<String, TimeSeries> named = Map.of(UNNAMED, series);
    return new SeriesSet(named, Counts.of(named));
  }

  /** From one row to the next, of every series. */
  public GridStep grid() {
    return any().grid();
  }

  /** Names the channels of every series. */
  public List<String> channels() {
    return any().channels();
  }

  /** Whether there is one series only. */
  public boolean isSingle() {
    return series.size() == 1;
  }

  /**
   * Returns the only series.
   *
   * @throws DataException if there are several
   */
  public TimeSeries only() {
    if (!isSingle()) {
      throw new DataException(
          "the data must be one series, found %d: %s"
              .formatted(series.size(), series.keySet().stream().limit(5).toList()));
    }
    return any();
  }

  /** Returns the first series, which has what all have. */
  public TimeSeries any() {
    return series.values().iterator().next();
  }

  /** Returns the same names with other series. */
  public SeriesSet map(UnaryOperator<TimeSeries> change) {
    Map<String, TimeSeries> changed = new LinkedHashMap<>();
    series.forEach((name, one) -> changed.put(name, change.apply(one)));
    return new SeriesSet(changed, counts);
  }

  /**
   * Returns the same rows with some of the channels.
   *
   * @param names of them, in the order in which they are wanted
   * @throws DataException if one is not there
   */
  public SeriesSet select(List<String> names) {
    return map(one -> one.select(names));
  }

  /** The number of rows from the first to the last of any series, all of them counted once. */
  public int span() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (TimeSeries one : series.values()) {
      first = Math.min(first, firstCell(one));
      last = Math.max(last, firstCell(one) + one.rows());
    }
    return Math.toIntExact(last - first);
  }

  /** The number of rows by which a series begins later than the first of all. */
  public int offset(TimeSeries one) {
    long first = series.values().stream().mapToLong(SeriesSet::firstCell).min().orElseThrow();
    return Math.toIntExact(firstCell(one) - first);
  }

  private static long firstCell(TimeSeries one) {
    return one.grid().cell(one.firstMillis());
  }
}
