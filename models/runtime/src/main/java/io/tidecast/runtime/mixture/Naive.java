package io.tidecast.runtime.mixture;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.Checks;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A forecaster that needs the cells of a series alone. What it would repeat and is missing it takes
 * from before that, as far as cells are kept; where there is none, it says nothing.
 *
 * @param id by which it signs
 * @param kind how it goes on from the cells
 * @param cells of a season; or from the first to the last cell of a line, both counted
 */
public record Naive(String id, Kind kind, int cells) implements Serializable {

  /** How a naive forecaster goes on. */
  public enum Kind {
    /** Repeats the newest season. */
    SEASON,
    /** Repeats the newest value. */
    LAST,
    /** Goes on as steeply as from the first to the last of the newest cells. */
    LINE
  }

  public Naive {
    requireNonNull(id, "id is null");
    requireNonNull(kind, "kind is null");
    Checks.positive("cells", cells);
  }

  /** One that repeats a season. */
  public static Naive season(String id, int cells) {
    return new Naive(id, Kind.SEASON, cells);
  }

  /** One that repeats the newest value. */
  public static Naive last(String id) {
    return new Naive(id, Kind.LAST, 1);
  }

  /** One that goes on as the line from the first to the last of so many cells. */
  public static Naive line(String id, int cells) {
    return new Naive(id, Kind.LINE, cells);
  }

  /**
   * Forecasts.
   *
   * @param known the cells of the series
   * @param origin cell that it forecasts from; newer ones are not looked at
   * @param base what the points are told from, units of the series
   * @param points receives {@code [step]}, less the base; NaN where it says nothing
   */
  public void forecast(RecentCells known, long origin, double base, float[] points) {
    switch (kind) {
      case SEASON -> repeatSeason(known, origin, base, points);
      case LAST -> {
        double value = known.value(newest(known, origin));
        Arrays.fill(points, (float) (value - base));
      }
      case LINE -> goOn(known, origin, base, points);
    }
  }

  private void repeatSeason(RecentCells known, long origin, double base, float[] points) {
    int season = Math.min(cells, points.length);
    long first = origin - cells + 1;
    known.copy(first, base, points, season);
    for (int step = 0; step < season; step++) {
      if (Float.isNaN(points[step])) {
        points[step] = (float) (before(known, first + step) - base);
      }
    }
    for (int step = season; step < points.length; step++) {
      points[step] = points[step - season];
    }
  }

  /** The newest value that is whole seasons before a cell; NaN where none is kept. */
  private double before(RecentCells known, long missing) {
    long oldest = known.newest() - known.capacity();
    double value = Double.NaN;
    for (long cell = missing - cells; cell > oldest && Double.isNaN(value); cell -= cells) {
      value = known.value(cell);
    }
    return value;
  }

  /** The newest cell up to the origin that has a value, or one that is not kept. */
  private static long newest(RecentCells known, long origin) {
    long cell = origin;
    long oldest = known.newest() - known.capacity();
    while (cell > oldest && Double.isNaN(known.value(cell))) {
      cell--;
    }
    return cell;
  }

  private void goOn(RecentCells known, long origin, double base, float[] points) {
    long last = newest(known, origin);
    long first = origin - cells + 1;
    while (first < last && Double.isNaN(known.value(first))) {
      first++;
    }
    double end = known.value(last) - base;
    double slope = first < last ? (end - (known.value(first) - base)) / (double) (last - first) : 0;
    for (int step = 0; step < points.length; step++) {
      points[step] = (float) (end + slope * (double) (origin - last + step + 1));
    }
  }
}
