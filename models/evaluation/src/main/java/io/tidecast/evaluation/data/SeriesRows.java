package io.tidecast.evaluation.data;

import io.tidecast.runtime.grid.GridStep;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The rows of one series as they were found, before they are on a grid. One thread. */
final class SeriesRows {
  private static final int FIRST_ROOM = 64;

  /** So many times as many cells as rows are no series with gaps, but a wrong time or step. */
  private static final int MOST_CELLS_PER_ROW = 1_000;

  private final int width;
  private long[] times = new long[FIRST_ROOM];
  private long[] lines = new long[FIRST_ROOM];
  private double[] values;
  private int size;
  private int unordered;
  private int doubled;

  SeriesRows(int channels) {
    this.width = channels;
    this.values = new double[FIRST_ROOM * channels];
  }

  void add(long timeMillis, long line, double[] row) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      lines = Arrays.copyOf(lines, 2 * size);
      values = Arrays.copyOf(values, 2 * size * width);
    }
    unordered += size > 0 && timeMillis < times[size - 1] ? 1 : 0;
    times[size] = timeMillis;
    lines[size] = line;
    System.arraycopy(row, 0, values, size * width, width);
    size++;
  }

  int size() {
    return size;
  }

  /** Whether rows, which are in order, are of more than one time. */
  boolean hasTwoTimes() {
    return size > 1 && times[0] < times[size - 1];
  }

  long time(int row) {
    return times[row];
  }

  /** The line of the file. */
  long line(int row) {
    return lines[row];
  }

  /** How many rows came after a later one. */
  int unordered() {
    return unordered;
  }

  /** How many rows were of a cell that had one already, once they are on a grid. */
  int doubled() {
    return doubled;
  }

  /** Puts the rows in order of time; those of one time stay in the order of the file. */
  void sort() {
    if (unordered == 0) {
      return;
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(row -> times[row]))
            .mapToInt(Integer::intValue)
            .toArray();
    long[] sortedTimes = new long[size];
    long[] sortedLines = new long[size];
    double[] sorted = new double[size * width];
    for (int row = 0; row < size; row++) {
      sortedTimes[row] = times[order[row]];
      sortedLines[row] = lines[order[row]];
      System.arraycopy(values, order[row] * width, sorted, row * width, width);
    }
    times = sortedTimes;
    lines = sortedLines;
    values = sorted;
  }

  /**
   * Puts the rows, which are in order, into cells. Where a cell has several, the last value of each
   * channel counts, as a job has it.
   *
   * @throws DataException if there are many more cells than rows
   */
  TimeSeries onGrid(List<String> channels, GridStep grid, CsvColumns.Problems problems) {
    long first = grid.cell(times[0]);
    long cells = grid.cell(times[size - 1]) - first + 1;
    if (cells > (long) MOST_CELLS_PER_ROW * size || cells * width > Integer.MAX_VALUE - 8) {
      throw problems.at(
          lines[size - 1],
          "%d rows up to here would be %d cells of %s; a time is wrong, or --step is"
              .formatted(size, cells, grid.text()));
    }
    double[] onGrid = new double[(int) cells * width];
    Arrays.fill(onGrid, Double.NaN);
    long before = Long.MIN_VALUE;
    for (int row = 0; row < size; row++) {
      long cell = grid.cell(times[row]);
      doubled += cell == before ? 1 : 0;
      before = cell;
      int at = (int) (cell - first) * width;
      for (int channel = 0; channel < width; channel++) {
        double value = values[row * width + channel];
        if (!Double.isNaN(value)) {
          onGrid[at + channel] = value;
        }
      }
    }
    return new TimeSeries(channels, grid.startMillis(first), grid, onGrid);
  }
}
