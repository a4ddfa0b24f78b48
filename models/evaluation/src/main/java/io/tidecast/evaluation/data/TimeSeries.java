package io.tidecast.evaluation.data;

import java.time.Duration;
import java.util.List;

/**
 * A complete multi-channel series on a regular grid.
 *
 * @param channels names, in the order of the values
 * @param firstMillis time of the first row, epoch milliseconds
 * @param step time from one row to the next
 * @param values {@code [row][channel]}, units of the series; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record TimeSeries(List<String> channels, long firstMillis, Duration step, double[] values) {

  /** Checks the size. */
  public TimeSeries {
    channels = List.copyOf(channels);
    if (channels.isEmpty() || values.length % channels.size() != 0) {
      throw new IllegalArgumentException(
          "values must fill rows of " + channels.size() + ": values=" + values.length);
    }
  }

  /** The number of rows. */
  public int rows() {
    return values.length / channels.size();
  }

  /** The time of a row in epoch milliseconds. */
  public long timeMillis(int row) {
    return firstMillis + row * step.toMillis();
  }

  /**
   * Copies rows as floats, {@code [row][channel]}.
   *
   * @param destination filled from index 0; says how many rows
   */
  public void copy(int firstRow, float[] destination) {
    int offset = firstRow * channels.size();
    for (int i = 0; i < destination.length; i++) {
      destination[i] = (float) values[offset + i];
    }
  }

  /**
   * Copies some channels of rows as floats, {@code [row][channel]}.
   *
   * @param wanted numbers of the channels, in the order in which they are wanted
   * @param destination filled from index 0; says how many rows
   */
  public void copy(int firstRow, int[] wanted, float[] destination) {
    for (int i = 0; i < destination.length; i++) {
      int row = firstRow + i / wanted.length;
      destination[i] = (float) values[row * channels.size() + wanted[i % wanted.length]];
    }
  }

  /**
   * Returns the same rows with some of the channels.
   *
   * @param names of them, in the order in which they are wanted
   * @throws DataException if one is not there
   */
  public TimeSeries select(List<String> names) {
    int[] sources = new int[names.size()];
    for (int i = 0; i < sources.length; i++) {
      sources[i] = channels.indexOf(names.get(i));
      if (sources[i] < 0) {
        throw new DataException(
            "the series must have the channel " + names.get(i) + ", it has " + channels);
      }
    }
    double[] selected = new double[rows() * sources.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = values[i / sources.length * channels.size() + sources[i % sources.length]];
    }
    return new TimeSeries(names, firstMillis, step, selected);
  }
}
