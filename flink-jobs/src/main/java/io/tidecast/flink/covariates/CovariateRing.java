package io.tidecast.flink.covariates;

import io.tidecast.runtime.grid.GridStep;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.jspecify.annotations.Nullable;

/**
 * The values of the covariates of one key, past ones and those ahead: a run of cells of the grid. A
 * view of the one {@code byte[]} in state; one thread. A cell has the value of the latest time in
 * it, and of that time the last to arrive.
 *
 * <p>The run grows with its values, up to {@link CovariateGrid#maxCells}; then the newest stay.
 *
 * <p>Version 1 of the bytes, little-endian: version (int), covariates (int), step in milliseconds
 * (long), calendar (int, {@link GridStep#calendarId}), names (int, {@link CovariateGrid#namesId}),
 * capacity in cells (int), cells in use (int), oldest cell in use (long), oldest cell that is still
 * accepted (long); then {@code [capacity][covariates]} values (float, NaN is missing), cell {@code
 * n} at {@code floorMod(n, capacity)}, and as many times (long, milliseconds).
 */
final class CovariateRing {

  static final int VERSION = 1;

  /** A value and its time. */
  static final int VALUE_BYTES = Float.BYTES + Long.BYTES;

  private static final int COVARIATES_AT = 4;
  private static final int STEP_AT = 8;
  private static final int CALENDAR_AT = 16;
  private static final int NAMES_AT = 20;
  private static final int CAPACITY_AT = 24;
  private static final int SIZE_AT = 28;
  private static final int OLDEST_AT = 32;
  private static final int ACCEPTED_AT = 40;
  private static final int HEADER_BYTES = 48;
  private static final int LEAST_CAPACITY = 16;

  private final CovariateGrid grid;
  private ByteBuffer state;

  private CovariateRing(CovariateGrid grid, ByteBuffer state) {
    this.grid = grid;
    this.state = state;
  }

  /**
   * @param bytes that were kept; null for a key without any
   * @throws IllegalStateException if they were kept for another grid or other covariates, or by a
   *     later version
   */
  static CovariateRing of(CovariateGrid grid, byte @Nullable [] bytes) {
    if (bytes == null) {
      CovariateRing ring = new CovariateRing(grid, allocate(grid, LEAST_CAPACITY));
      ring.state.putLong(ACCEPTED_AT, Long.MIN_VALUE);
      return ring;
    }
    ByteBuffer state = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    require("version", VERSION, state.getInt(0));
    require("covariates.names", grid.covariates(), state.getInt(COVARIATES_AT));
    require("series.step", grid.step().length(), Duration.ofMillis(state.getLong(STEP_AT)));
    require("series.zone and series.offset", grid.step().calendarId(), state.getInt(CALENDAR_AT));
    if (state.getInt(NAMES_AT) != grid.namesId()) {
      require("covariates.names", grid.names(), "others");
    }
    return new CovariateRing(grid, state);
  }

  /** The same, in a job: what was kept for others will not be another after a restart. */
  static CovariateRing kept(CovariateGrid grid, byte @Nullable [] bytes) {
    try {
      return of(grid, bytes);
    } catch (IllegalStateException e) {
      throw new SuppressRestartsException(e);
    }
  }

  private static ByteBuffer allocate(CovariateGrid grid, int capacity) {
    ByteBuffer state =
        ByteBuffer.allocate(HEADER_BYTES + capacity * grid.covariates() * VALUE_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    state.putInt(0, VERSION);
    state.putInt(COVARIATES_AT, grid.covariates());
    state.putLong(STEP_AT, grid.step().millis());
    state.putInt(CALENDAR_AT, grid.step().calendarId());
    state.putInt(NAMES_AT, grid.namesId());
    state.putInt(CAPACITY_AT, capacity);
    return state;
  }

  /** The state, live until the next {@link #put} or {@link #forgetBefore}. */
  @SuppressWarnings("ByteBufferBackingArray") // Always a whole array of its own.
  byte[] bytes() {
    return state.array();
  }

  /** The oldest cell whose values are taken; {@link Long#MIN_VALUE} for any. */
  long oldestAccepted() {
    return size() == 0
        ? state.getLong(ACCEPTED_AT)
        : Math.max(state.getLong(ACCEPTED_AT), newest() - grid.maxCells() + 1);
  }

  /** NaN is missing. */
  float value(long cell, int covariate) {
    return isKept(cell) ? state.getFloat(valueAt(slot(cell), covariate)) : Float.NaN;
  }

  /**
   * Takes values into their cell, which is accepted. A missing value leaves what is there.
   *
   * @param values one per covariate
   */
  void put(long cell, long timeMillis, double[] values) {
    reach(cell);
    int slot = slot(cell);
    for (int covariate = 0; covariate < values.length; covariate++) {
      int at = valueAt(slot, covariate);
      int timeAt = timeAt(slot, covariate);
      boolean first = Float.isNaN(state.getFloat(at));
      if (!Double.isNaN(values[covariate]) && (first || timeMillis >= state.getLong(timeAt))) {
        state.putFloat(at, (float) values[covariate]);
        state.putLong(timeAt, timeMillis);
      }
    }
  }

  /** Forgets older cells, and takes none any more. */
  void forgetBefore(long cell) {
    if (cell <= state.getLong(ACCEPTED_AT)) {
      return;
    }
    state.putLong(ACCEPTED_AT, cell);
    if (size() > 0 && cell > oldest()) {
      long newest = newest();
      int left = (int) Math.max(0, newest - cell + 1);
      state.putLong(OLDEST_AT, cell);
      state.putInt(SIZE_AT, left);
      if (left < capacity() / 4 && capacity() > LEAST_CAPACITY) {
        resize(left);
      }
    }
  }

  private void reach(long cell) {
    if (size() == 0) {
      state.putLong(OLDEST_AT, cell);
      state.putInt(SIZE_AT, 1);
      clear(cell, cell);
      return;
    }
    long before = oldest();
    long after = newest();
    long newest = Math.max(after, cell);
    long oldest = Math.max(Math.min(before, cell), newest - grid.maxCells() + 1);
    int size = (int) (newest - oldest + 1);
    if (size > capacity()) {
      // Only what stays: a jump far ahead leaves little or nothing.
      state.putLong(OLDEST_AT, Math.max(before, oldest));
      state.putInt(SIZE_AT, (int) Math.max(0, after - Math.max(before, oldest) + 1));
      resize(size);
    }
    clear(oldest, Math.min(before - 1, newest));
    clear(Math.max(after + 1, oldest), newest);
    state.putLong(OLDEST_AT, oldest);
    state.putInt(SIZE_AT, size);
  }

  private void clear(long from, long to) {
    for (long cell = from; cell <= to; cell++) {
      for (int covariate = 0; covariate < grid.covariates(); covariate++) {
        state.putFloat(valueAt(slot(cell), covariate), Float.NaN);
      }
    }
  }

  /** Moves the cells in use to where there is room for as many. */
  private void resize(int cells) {
    int room = Math.max(LEAST_CAPACITY, Integer.highestOneBit(Math.max(1, cells - 1)) * 2);
    CovariateRing other = new CovariateRing(grid, allocate(grid, Math.min(room, roomFor(cells))));
    for (long cell = oldest(); cell < oldest() + size(); cell++) {
      for (int covariate = 0; covariate < grid.covariates(); covariate++) {
        int slot = slot(cell);
        int its = other.slot(cell);
        other.state.putFloat(
            other.valueAt(its, covariate), state.getFloat(valueAt(slot, covariate)));
        other.state.putLong(other.timeAt(its, covariate), state.getLong(timeAt(slot, covariate)));
      }
    }
    other.state.putLong(OLDEST_AT, oldest());
    other.state.putInt(SIZE_AT, size());
    other.state.putLong(ACCEPTED_AT, state.getLong(ACCEPTED_AT));
    state = other.state;
  }

  private int roomFor(int cells) {
    return Math.max(LEAST_CAPACITY, Math.max(cells, grid.maxCells()));
  }

  private boolean isKept(long cell) {
    return size() > 0 && cell >= Math.max(oldest(), oldestAccepted()) && cell <= newest();
  }

  private int size() {
    return state.getInt(SIZE_AT);
  }

  private int capacity() {
    return state.getInt(CAPACITY_AT);
  }

  private long oldest() {
    return state.getLong(OLDEST_AT);
  }

  private long newest() {
    return oldest() + size() - 1;
  }

  private int slot(long cell) {
    return Math.floorMod(cell, capacity());
  }

  private int valueAt(int slot, int covariate) {
    return HEADER_BYTES + (slot * grid.covariates() + covariate) * Float.BYTES;
  }

  private int timeAt(int slot, int covariate) {
    return HEADER_BYTES
        + capacity() * grid.covariates() * Float.BYTES
        + (slot * grid.covariates() + covariate) * Long.BYTES;
  }

  private static void require(String name, Object expected, Object kept) {
    if (!expected.equals(kept)) {
      throw new IllegalStateException(
          ("state of covariates must have been kept with %s=%s, was kept with %s; put the former"
                  + " value back, or start the job without its checkpoint or savepoint")
              .formatted(name, expected, kept));
    }
  }
}
