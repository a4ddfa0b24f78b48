package io.tidecast.runtime.mixture;

import io.tidecast.runtime.manifest.Checks;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The newest cells of one series. They are kept as 32-bit floats as long as those say them exactly,
 * and as doubles from the first one on that they do not. One thread.
 *
 * <p>The bytes, big-endian: the newest cell (long), whether cells are doubles (byte), for each cell
 * its value, that of the cell whose number is a multiple of the capacity first.
 */
public final class RecentCells {

  /** No cell has come yet. */
  public static final long NONE = Long.MIN_VALUE;

  private final int capacity;
  private float @Nullable [] floats;
  private double @Nullable [] doubles;
  private long newest = NONE;

  /**
   * @param capacity cells that are kept
   */
  public RecentCells(int capacity) {
    Checks.positive("capacity", capacity);
    this.capacity = capacity;
    this.floats = new float[capacity];
    Arrays.fill(floats, Float.NaN);
  }

  /** How many cells are kept. */
  public int capacity() {
    return capacity;
  }

  /** The number of the newest cell; {@link #NONE} before the first. */
  public long newest() {
    return newest;
  }

  /**
   * Takes the value of a cell: of a new one, before which cells are missing that were left out, or
   * another value of one that is still kept.
   *
   * @param value NaN where it is missing
   * @return false if the cell is older than those that are kept
   */
  public boolean put(long cell, double value) {
    if (newest == NONE) {
      newest = cell;
    } else if (cell > newest) {
      for (long next = Math.max(newest + 1, cell - capacity + 1); next < cell; next++) {
        set(next, Double.NaN);
      }
      newest = cell;
    } else if (!isKept(cell)) {
      return false;
    }
    set(cell, value);
    return true;
  }

  private boolean isKept(long cell) {
    return cell <= newest && cell > newest - capacity;
  }

  private void set(long cell, double value) {
    int at = (int) Math.floorMod(cell, (long) capacity);
    if (floats != null && ((float) value == value || Double.isNaN(value))) {
      floats[at] = (float) value;
    } else {
      wide()[at] = value;
    }
  }

  private double[] wide() {
    if (doubles == null) {
      double[] wider = new double[capacity];
      for (int i = 0; floats != null && i < capacity; i++) {
        wider[i] = floats[i];
      }
      doubles = wider;
      floats = null;
    }
    return doubles;
  }

  /** The value of a cell; NaN where it is missing, not kept or yet to come. */
  public double value(long cell) {
    if (newest == NONE || !isKept(cell)) {
      return Double.NaN;
    }
    int at = (int) Math.floorMod(cell, (long) capacity);
    return floats != null ? floats[at] : wide()[at];
  }

  /**
   * Copies cells that follow each other.
   *
   * @param first number of the first of them
   * @param base what they are told from, units of the series
   * @param into receives as many as are asked for, less the base; NaN where one is missing, not
   *     kept or yet to come
   * @param count how many
   */
  void copy(long first, double base, float[] into, int count) {
    float[] narrow = floats;
    boolean areKept = newest != NONE && isKept(first) && isKept(first + count - 1);
    if (narrow != null && areKept) {
      int at = (int) Math.floorMod(first, (long) capacity);
      int untilEnd = Math.min(count, capacity - at);
      copy(narrow, at, base, into, 0, untilEnd);
      copy(narrow, 0, base, into, untilEnd, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      into[i] = (float) (value(first + i) - base);
    }
  }

  private static void copy(float[] from, int at, double base, float[] into, int begin, int end) {
    for (int i = begin; i < end; i++) {
      into[i] = (float) (from[at + i - begin] - base);
    }
  }

  /** The number of bytes that {@link #write} writes. */
  public int bytes() {
    return Long.BYTES + 1 + capacity * (floats != null ? Float.BYTES : Double.BYTES);
  }

  /** Writes everything that it knows. */
  public void write(ByteBuffer destination) {
    destination.putLong(newest).put((byte) (floats != null ? 0 : 1));
    for (int i = 0; i < capacity; i++) {
      if (floats != null) {
        destination.putFloat(floats[i]);
      } else {
        destination.putDouble(wide()[i]);
      }
    }
  }

  /** Takes what {@link #write} wrote of as many cells, in the place of what it knows. */
  public void read(ByteBuffer source) {
    newest = source.getLong();
    boolean wide = source.get() != 0;
    float[] narrow = new float[wide ? 0 : capacity];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = source.getFloat();
    }
    floats = wide ? null : narrow;
    doubles = wide ? new double[capacity] : null;
    for (int i = 0; doubles != null && i < capacity; i++) {
      doubles[i] = source.getDouble();
    }
  }
}
