package io.tidecast.cli.size;

import io.tidecast.flink.JobSize;
import io.tidecast.flink.config.JobConfig;

/**
 * What is asked of a job.
 *
 * @param series that report
 * @param observationsPerSecond of all series together
 * @param forecastsPerSecond that are due, of all series together; 0 where they are made on request
 *     alone
 */
record Demand(long series, double observationsPerSecond, double forecastsPerSecond) {

  private static final double MILLIS = 1_000;

  /**
   * Of series that report regularly. A series is forecast when cells close, and on arrival no
   * oftener than it reports.
   *
   * @param interval seconds between two observations of a series
   */
  static Demand of(JobConfig config, JobSize size, long series, double interval) {
    double cells = size.cellsApart() * config.series().step().length().toMillis() / MILLIS;
    double apart = Math.max(cells, interval);
    return new Demand(series, series / interval, size.cellsApart() == 0 ? 0 : series / apart);
  }
}
