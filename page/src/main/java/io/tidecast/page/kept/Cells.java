package io.tidecast.page.kept;

import java.util.Arrays;

/**
 * The newest cells of one target in the order of their times, each with the mark of its last
 * change. Not thread-safe.
 */
final class Cells {

  private static final int FIRST_CAPACITY = 32;
  private static final int BYTES_EACH = 2 * Long.BYTES + Double.BYTES;

  private final int most;
  private final Room room;
  private long[] times = new long[0];
  private double[] values = new double[0];
  private long[] marks = new long[0];
  private int size;

  /** Those that have changed, in the order of their times. */
  record Changed(long[] timesMillis, double[] values) {}

  /**
   * @param most cells that are kept
   * @param room that they share with others
   */
  Cells(int most, Room room) {
    this.most = most;
    this.room = room;
  }

  /**
   * Puts in a cell, or changes it.
   *
   * <p>One that is older than all is passed over where there are as many as may be.
   *
   * @return whether there was room for it
   */
  boolean put(long time, double value, long mark) {
    int found = Arrays.binarySearch(times, 0, size, time);
    if (found >= 0) {
      values[found] = value;
      marks[found] = mark;
      return true;
    }
    int at = -found - 1;
    if (size == times.length && !grow()) {
      if (at == 0) {
        return size == most;
      }
      move(1, 0, at - 1);
      at--;
    } else {
      move(at, at + 1, size - at);
      size++;
    }
    times[at] = time;
    values[at] = value;
    marks[at] = mark;
    return true;
  }

  /** Those that were put in after a mark. */
  Changed after(long mark) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += marks[i] > mark ? 1 : 0;
    }
    Changed changed = new Changed(new long[count], new double[count]);
    int to = 0;
    for (int i = 0; i < size; i++) {
      if (marks[i] > mark) {
        changed.timesMillis[to] = times[i];
        changed.values[to++] = values[i];
      }
    }
    return changed;
  }

  private boolean grow() {
    int capacity = Math.min(most, Math.max(FIRST_CAPACITY, 2 * size));
    if (capacity == size || !room.take((long) BYTES_EACH * (capacity - size))) {
      return false;
    }
    times = Arrays.copyOf(times, capacity);
    values = Arrays.copyOf(values, capacity);
    marks = Arrays.copyOf(marks, capacity);
    return true;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(times, from, times, to, count);
    System.arraycopy(values, from, values, to, count);
    System.arraycopy(marks, from, marks, to, count);
  }
}
