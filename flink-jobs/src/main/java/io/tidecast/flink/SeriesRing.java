package io.tidecast.flink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a job remembers of one series: the newest cells of its grid and how far they are closed and
 * forecast. A view of the one {@code byte[]} in keyed state, which it changes in place; one thread.
 *
 * <p>Version 1 of the bytes, little-endian: version (int), channels (int), capacity in cells (int),
 * step in milliseconds (long), first cell ever (long), newest cell (long), last closed cell (long),
 * origin cell of the last forecast (long, {@link #NEVER} without one), then the cells as {@code
 * [capacity][channels]} floats, cell {@code n} at {@code floorMod(n, capacity)}. NaN is missing.
 */
final class SeriesRing {

  static final int VERSION = 1;

  /** The origin of the last forecast while there is none. */
  static final long NEVER = Long.MIN_VALUE;

  private static final int CHANNELS_AT = 4;
  private static final int CAPACITY_AT = 8;
  private static final int STEP_AT = 12;
  private static final int FIRST_AT = 20;
  private static final int NEWEST_AT = 28;
  private static final int CLOSED_AT = 36;
  private static final int FORECAST_AT = 44;
  private static final int CELLS_AT = 52;

  private final SeriesGrid grid;
  private final ByteBuffer state;

  private SeriesRing(SeriesGrid grid, byte[] bytes) {
    this.grid = grid;
    this.state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * A new series.
   *
   * @param first its first cell, still without a value
   * @param closed the last cell that takes no observation any more
   */
  static SeriesRing create(SeriesGrid grid, long first, long closed) {
    SeriesRing ring =
        new SeriesRing(grid, new byte[CELLS_AT + grid.capacity() * grid.channels() * Float.BYTES]);
    ring.state.putInt(0, VERSION);
    ring.state.putInt(CHANNELS_AT, grid.channels());
    ring.state.putInt(CAPACITY_AT, grid.capacity());
    ring.state.putLong(STEP_AT, grid.stepMillis());
    ring.state.putLong(FIRST_AT, first);
    ring.state.putLong(NEWEST_AT, first);
    ring.state.putLong(CLOSED_AT, closed);
    ring.state.putLong(FORECAST_AT, NEVER);
    for (int i = 0; i < grid.capacity(); i++) {
      ring.clear(i);
    }
    return ring;
  }

  /**
   * A series that was kept. A ring of another capacity, as another context length leaves behind, is
   * carried over with its newest cells.
   *
   * @throws IllegalStateException if it was kept with another step or number of channels, or by a
   *     later version
   */
  static SeriesRing of(SeriesGrid grid, byte[] bytes) {
    SeriesRing kept = new SeriesRing(grid, bytes);
    require("version", VERSION, kept.state.getInt(0));
    require("series.channels", grid.channels(), kept.state.getInt(CHANNELS_AT));
    long stepMillis = kept.state.getLong(STEP_AT);
    if (stepMillis != grid.stepMillis()) {
      require("series.step", Duration.ofMillis(grid.stepMillis()), Duration.ofMillis(stepMillis));
    }
    int capacity = kept.state.getInt(CAPACITY_AT);
    return capacity == grid.capacity() ? kept : kept.resized(capacity);
  }

  /** The state, live. */
  byte[] bytes() {
    return state.array();
  }

  long first() {
    return state.getLong(FIRST_AT);
  }

  long newest() {
    return state.getLong(NEWEST_AT);
  }

  /** The last cell that takes no observation any more in {@code watermark} mode. */
  long closed() {
    return state.getLong(CLOSED_AT);
  }

  long lastForecast() {
    return state.getLong(FORECAST_AT);
  }

  /** The oldest cell that there is room for. */
  long oldest() {
    return newest() - grid.capacity() + 1;
  }

  void closeThrough(long cell) {
    state.putLong(CLOSED_AT, Math.max(closed(), cell));
  }

  void forecastAt(long origin) {
    state.putLong(FORECAST_AT, origin);
  }

  /**
   * Puts values into a cell, the newest or one that is kept; a cell ahead becomes the newest, and
   * those between become gaps. A missing value leaves what is there.
   */
  void put(long cell, float[] values) {
    long newest = newest();
    if (cell > newest) {
      long from = Math.max(newest + 1, cell - grid.capacity() + 1);
      for (long gap = from; gap <= cell; gap++) {
        clear(slot(gap));
      }
      state.putLong(NEWEST_AT, cell);
    }
    if (cell < first()) {
      state.putLong(FIRST_AT, cell);
    }
    int at = position(slot(cell));
    for (float value : values) {
      if (!Float.isNaN(value)) {
        state.putFloat(at, value);
      }
      at += Float.BYTES;
    }
  }

  /** Whether a kept cell has a value in any channel. */
  boolean hasValue(long cell) {
    int at = position(slot(cell));
    for (int channel = 0; channel < grid.channels(); channel++) {
      if (!Float.isNaN(state.getFloat(at + channel * Float.BYTES))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Copies the context that ends with a cell.
   *
   * @param context receives {@code [time][channel]} row-major, oldest first; NaN is missing
   * @return how many values are missing
   */
  int context(long origin, float[] context) {
    int channels = grid.channels();
    long start = origin - grid.contextLength() + 1;
    long known = Math.max(start, oldest());
    int at = (int) (known - start) * channels;
    Arrays.fill(context, 0, at, Float.NaN);
    // At most two runs: the ring wraps at most once within a context.
    while (at < context.length) {
      int slot = slot(known);
      int cells = Math.min(grid.capacity() - slot, (int) (origin - known + 1));
      state
          .slice(position(slot), cells * channels * Float.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(context, at, cells * channels);
      at += cells * channels;
      known += cells;
    }
    int missing = 0;
    for (float value : context) {
      missing += Float.isNaN(value) ? 1 : 0;
    }
    return missing;
  }

  private SeriesRing resized(int keptCapacity) {
    SeriesRing ring = create(grid, newest(), closed());
    long from = Math.max(newest() - Math.min(keptCapacity, grid.capacity()) + 1, first());
    int cellBytes = grid.channels() * Float.BYTES;
    for (long cell = from; cell <= newest(); cell++) {
      int kept = CELLS_AT + (int) Math.floorMod(cell, (long) keptCapacity) * cellBytes;
      ring.state.put(ring.position(ring.slot(cell)), state, kept, cellBytes);
    }
    ring.state.putLong(FIRST_AT, from);
    ring.forecastAt(lastForecast());
    return ring;
  }

  private int slot(long cell) {
    return (int) Math.floorMod(cell, (long) grid.capacity());
  }

  private int position(int slot) {
    return CELLS_AT + slot * grid.channels() * Float.BYTES;
  }

  private void clear(int slot) {
    int at = position(slot);
    for (int channel = 0; channel < grid.channels(); channel++) {
      state.putFloat(at + channel * Float.BYTES, Float.NaN);
    }
  }

  private static void require(String name, Object expected, Object kept) {
    if (!expected.equals(kept)) {
      throw new IllegalStateException(
          ("state of a series must have been kept with %s=%s, was kept with %s; put the former"
                  + " value back, or start the job without its checkpoint or savepoint")
              .formatted(name, expected, kept));
    }
  }
}
