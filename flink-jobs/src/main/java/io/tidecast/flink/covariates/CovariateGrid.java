package io.tidecast.flink.covariates;

import io.tidecast.runtime.grid.GridStep;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * The cells of future covariates from a topic, and how many of them are kept.
 *
 * @param names of the covariates, in the order of the values
 * @param maxCells most that one key keeps
 * @param neededCells those that forecasts still need, up to the newest origin
 */
public record CovariateGrid(GridStep step, List<String> names, int maxCells, int neededCells)
    implements Serializable {

  public CovariateGrid {
    names = List.copyOf(names);
    if (names.isEmpty() || neededCells <= 0 || maxCells < neededCells) {
      throw new IllegalArgumentException(
          "must have names and keep what is needed: names=%s, neededCells=%d, maxCells=%d"
              .formatted(names, neededCells, maxCells));
    }
  }

  /**
   * @param maxFuture how far ahead of the clock the time of values may lie
   * @param seriesCells that a series keeps, whose covariates windows may need
   * @throws ArithmeticException if {@link #bytes} is more than an array can hold
   */
  public static CovariateGrid of(
      GridStep step, CovariateSettings.Feed feed, Duration maxFuture, int seriesCells) {
    return new CovariateGrid(
        step,
        feed.names(),
        Math.toIntExact(maxCells(step, feed, maxFuture, seriesCells)),
        seriesCells);
  }

  /** Upper limit of the bytes that a key takes, of a grid of the same. */
  public static double bytes(
      GridStep step, CovariateSettings.Feed feed, Duration maxFuture, int seriesCells) {
    return (double) maxCells(step, feed, maxFuture, seriesCells)
        * feed.names().size()
        * CovariateRing.VALUE_BYTES;
  }

  private static long maxCells(
      GridStep step, CovariateSettings.Feed feed, Duration maxFuture, int seriesCells) {
    return seriesCells + step.cellsWithin(maxFuture) + step.cellsWithin(feed.keep()) + 1;
  }

  int covariates() {
    return names.size();
  }

  /** Tells covariates of other names, or of another order, apart. */
  int namesId() {
    return names.hashCode();
  }
}
