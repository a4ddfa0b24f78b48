package io.tidecast.flink.covariates;

import io.tidecast.flink.config.CovariateRules;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.GridStep;
import io.tidecast.flink.series.SeriesGrid;
import java.io.Serializable;
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
   * @throws ArithmeticException if {@link #bytes} is more than an array can hold
   */
  public static CovariateGrid of(JobConfig config, int contextLength, int predictionLength) {
    return new CovariateGrid(
        config.series().step(),
        config.covariates().feed().names(),
        Math.toIntExact(maxCells(config, contextLength, predictionLength)),
        SeriesGrid.of(config, contextLength).capacity());
  }

  /** Upper limit of the bytes that a key takes. */
  public static double bytes(JobConfig config, int contextLength, int predictionLength) {
    return (double) maxCells(config, contextLength, predictionLength)
        * config.covariates().feed().names().size()
        * CovariateRing.VALUE_BYTES;
  }

  private static long maxCells(JobConfig config, int contextLength, int predictionLength) {
    GridStep step = config.series().step();
    return SeriesGrid.of(config, contextLength).capacity()
        + step.cellsWithin(CovariateRules.maxFuture(config, predictionLength))
        + step.cellsWithin(config.covariates().feed().keep())
        + 1;
  }

  int covariates() {
    return names.size();
  }

  /** Tells covariates of other names, or of another order, apart. */
  int namesId() {
    return names.hashCode();
  }
}
