package io.tidecast.runtime.scores;

import java.util.Arrays;

/** The newest cells of a series, as far as the seasonal naive looks back. One thread. */
final class KnownCells {

  private final int capacity;
  private final int channels;

  /** {@code [cell modulo capacity][channel]}, NaN where nothing is known. */
  private final double[] values;

  private long newest;

  /**
   * Knows nothing yet.
   *
   * @param newest number of the cell before the first
   */
  KnownCells(int capacity, int channels, long newest) {
    this(capacity, channels, newest, new double[capacity * channels]);
    Arrays.fill(values, Double.NaN);
  }

  private KnownCells(int capacity, int channels, long newest, double[] values) {
    this.capacity = capacity;
    this.channels = channels;
    this.values = values;
    this.newest = newest;
  }

  KnownCells copy() {
    return new KnownCells(capacity, channels, newest, values.clone());
  }

  /** The newest cell that was told of. */
  long newest() {
    return newest;
  }

  /** The value of a channel; NaN where it is missing, not kept any more or not known yet. */
  double value(long cell, int channel) {
    return cell > newest || cell <= newest - capacity ? Double.NaN : values[place(cell) + channel];
  }

  private int place(long cell) {
    return (int) Math.floorMod(cell, (long) capacity) * channels;
  }

  /** Takes the values of a cell that is not older than those that are kept. */
  void put(long cell, double[] cellValues) {
    if (cell > newest) {
      reach(cell);
    }
    System.arraycopy(cellValues, 0, values, place(cell), channels);
  }

  private void reach(long cell) {
    if (cell - newest >= capacity) {
      Arrays.fill(values, Double.NaN);
    } else {
      for (long gap = newest + 1; gap <= cell; gap++) {
        int place = place(gap);
        Arrays.fill(values, place, place + channels, Double.NaN);
      }
    }
    newest = cell;
  }

  /**
   * Writes the cells from the oldest that has a value on.
   *
   * @param most of the newest
   */
  void write(ScoreOutput out, int most) {
    long oldest = newest - most + 1;
    while (oldest <= newest && !hasValue(oldest)) {
      oldest++;
    }
    int count = (int) (newest - oldest + 1);
    boolean floats = ScoreOutput.areFloats(values, 0, values.length);
    out.putSigned(newest);
    out.putCount(count);
    out.putByte(floats ? 1 : 0);
    for (long cell = oldest; cell <= newest; cell++) {
      out.putValues(values, place(cell), channels, floats);
    }
  }

  private boolean hasValue(long cell) {
    int place = place(cell);
    for (int channel = 0; channel < channels; channel++) {
      if (!Double.isNaN(values[place + channel])) {
        return true;
      }
    }
    return false;
  }

  static KnownCells read(int capacity, int channels, ScoreInput in) {
    KnownCells cells = new KnownCells(capacity, channels, in.getSigned());
    int count = in.getCount("kept cells", capacity);
    boolean floats = in.getByte() == 1;
    for (long cell = cells.newest - count + 1; cell <= cells.newest; cell++) {
      in.getValues(cells.values, cells.place(cell), channels, floats);
    }
    return cells;
  }
}
