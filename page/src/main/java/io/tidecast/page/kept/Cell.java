package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

/**
 * A closed cell of a series.
 *
 * @param target what is measured: a name, or the number of the channel where there are no names
 * @param timeMillis of the cell, epoch milliseconds
 * @param value in the units of the series; NaN where it is missing
 */
public record Cell(String series, String target, long timeMillis, double value) {
  public Cell {
    requireNonNull(series, "series is null");
    requireNonNull(target, "target is null");
  }
}
