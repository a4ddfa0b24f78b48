package io.tidecast.runtime;

import java.nio.FloatBuffer;

/**
 * Contexts on their way into a {@link Forecaster}: one direct buffer, {@code
 * [batch][time][channel]} row-major, oldest cell first, units of the series, without gaps.
 *
 * <p>Made once, filled and cleared for every batch. One thread at a time.
 */
public final class WindowBatch {

  private final ForecasterSpec spec;
  private final int capacity;
  private final Rows rows;

  /**
   * @param capacity greatest number of windows
   */
  public WindowBatch(ForecasterSpec spec, int capacity) {
    Checks.positive("capacity", capacity);
    this.spec = spec;
    this.capacity = capacity;
    this.rows = new Rows(capacity, spec.contextSize());
  }

  public ForecasterSpec spec() {
    return spec;
  }

  /** Greatest number of windows. */
  public int capacity() {
    return capacity;
  }

  /** Number of windows added since the last {@link #clear}. */
  public int size() {
    return rows.size();
  }

  public boolean isFull() {
    return size() == capacity;
  }

  public void clear() {
    rows.resize(0);
  }

  /**
   * Adds one window, filling the missing cells of its context: each takes the last value of its
   * channel before it, leading ones the first value after them.
   *
   * @param window not kept
   * @return the number of cells filled
   * @throws IllegalArgumentException if the length is wrong, a value is infinite or a channel has
   *     no value at all; the batch is then as it was
   * @throws IllegalStateException if the batch is full
   */
  public int add(Window window) {
    float[] context = window.context();
    int contextSize = spec.contextSize();
    if (context.length != contextSize) {
      throw new IllegalArgumentException(
          "must hold " + contextSize + " values: context.length=" + context.length);
    }
    if (isFull()) {
      throw new IllegalStateException("batch is full: capacity=" + capacity);
    }
    int missing = 0;
    for (float cell : context) {
      // One comparison for what is rare: neither NaN nor infinity is within.
      if (!(Math.abs(cell) <= Float.MAX_VALUE)) {
        if (!Float.isNaN(cell)) {
          throw new IllegalArgumentException("must be finite: cell=" + cell);
        }
        missing++;
      }
    }
    int start = size() * contextSize;
    rows.cells().put(start, context);
    for (int channel = 0; missing > 0 && channel < spec.channels(); channel++) {
      fill(start, channel);
    }
    // Only now is the row part of the batch: a refused context leaves no trace.
    rows.resize(size() + 1);
    return missing;
  }

  private void fill(int start, int channel) {
    FloatBuffer cells = rows.cells();
    int step = spec.channels();
    int first = start + channel;
    int end = start + spec.contextSize();
    int known = first;
    while (known < end && Float.isNaN(cells.get(known))) {
      known += step;
    }
    if (known >= end) {
      throw new IllegalArgumentException("must have a value somewhere: channel=" + channel);
    }
    float value = cells.get(known);
    for (int i = first; i < end; i += step) {
      float cell = cells.get(i);
      if (Float.isNaN(cell)) {
        cells.put(i, value);
      } else {
        value = cell;
      }
    }
  }

  /**
   * Copies one context as the forecaster sees it, that is filled.
   *
   * @param destination receives {@code [time][channel]} from index 0
   */
  public void context(int row, float[] destination) {
    rows.get(row, destination);
  }

  Rows rows() {
    return rows;
  }
}
