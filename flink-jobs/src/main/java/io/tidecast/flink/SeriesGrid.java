package io.tidecast.flink;

import java.io.Serializable;

/**
 * The regular grid that every series of a job is put on. Cell {@code n} holds the observations of
 * the step that begins {@code n} steps after 1970-01-01T00:00:00Z; cells before have negative
 * numbers.
 *
 * @param stepMillis length of a cell
 * @param channels values per cell
 * @param contextLength cells of a context
 * @param openCells cells that may be ahead of a context, that is not closed yet
 */
record SeriesGrid(long stepMillis, int channels, int contextLength, int openCells)
    implements Serializable {

  SeriesGrid {
    requirePositive("stepMillis", stepMillis);
    requirePositive("channels", channels);
    requirePositive("contextLength", contextLength);
    if (openCells < 0) {
      throw new IllegalArgumentException("must not be negative: openCells=" + openCells);
    }
  }

  /** The cell that a time falls into. */
  long cell(long timeMillis) {
    return Math.floorDiv(timeMillis, stepMillis);
  }

  /** When a cell begins; the time that it stands for. */
  long startMillis(long cell) {
    return cell * stepMillis;
  }

  /** The last millisecond of a cell. */
  long endMillis(long cell) {
    return (cell + 1) * stepMillis - 1;
  }

  /** Cells that a series keeps. */
  int capacity() {
    return contextLength + openCells;
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("must be positive: " + name + "=" + value);
    }
  }
}
