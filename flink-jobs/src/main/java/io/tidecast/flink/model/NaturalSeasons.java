package io.tidecast.flink.model;

import java.time.Duration;
import java.util.List;

/** Seasons that series are taken to have where a job file names none: a week or a day. */
public final class NaturalSeasons {

  private static final List<Duration> LONGEST_FIRST = List.of(Duration.ofDays(7), Duration.ofDays(1));

  private NaturalSeasons() {}

  /**
   * Tells whether a season is a number of cells, and a context has that many.
   *
   * @param contextLength cells of a context
   */
  public static boolean fits(Duration season, Duration step, int contextLength) {
    return season.toMillis() % step.toMillis() == 0 && season.dividedBy(step) <= contextLength;
  }

  /** The season that the baseline repeats, in cells: the longest that fits, else one cell. */
  public static int baselineCells(Duration step, int contextLength) {
    return LONGEST_FIRST.stream()
        .filter(season -> fits(season, step, contextLength))
        .mapToInt(season -> Math.toIntExact(season.dividedBy(step)))
        .findFirst()
        .orElse(1);
  }

  /**
   * The season that gaps are filled by, in cells: shorter than the context, since a gap is filled
   * from another season of it. 0 where none is.
   */
  public static int fillCells(Duration step, int contextLength) {
    return LONGEST_FIRST.stream()
        .filter(season -> fits(season, step, contextLength))
        .mapToInt(season -> Math.toIntExact(season.dividedBy(step)))
        .filter(cells -> cells > 1 && cells < contextLength)
        .findFirst()
        .orElse(0);
  }
}
