package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

/**
 * What became of a cell of a series: its values as the cell closed, or other ones that it has since
 * a late observation.
 *
 * @param timeMillis at which the cell begins, epoch milliseconds
 * @param values {@code [channel]}, units of the series; NaN is missing; not copied, never changed
 * @param correction whether the cell had closed before
 */
public record ClosedCell(String series, long timeMillis, double[] values, boolean correction) {

  public ClosedCell {
    requireNonNull(series, "series is null");
    requireNonNull(values, "values is null");
  }
}
