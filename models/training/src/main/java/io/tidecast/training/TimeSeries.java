package io.tidecast.training;

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

  /** Number of rows. */
  public int rows() {
    return values.length / channels.size();
  }

  /** Time of a row, epoch milliseconds. */
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
}
