package io.tidecast.flink.hindsight;

import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.state.LiveBytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is kept of one series by who answers for its forecasts, and the cells that wait until every
 * forecast that was made before they closed is here. One thread.
 *
 * <p>The waiting cells are these bytes, big-endian: time of the timer of the end of the series
 * (long), the newest cell that was taken (long), how many cells wait (int), channels (int), for
 * each cell the time when it is ready (long), its number (long) and its values (doubles).
 */
public abstract class HindsightSeries implements LiveBytes.Live {

  /** No timer looks after the end of the series. */
  static final long NEVER = Long.MIN_VALUE;

  /** No cell has been taken. */
  protected static final long NO_CELL = Long.MIN_VALUE;

  /** A cell that has closed. */
  static final class Waiting {
    final long readyMillis;
    private final long cell;
    private final double[] values;
    private boolean taken;

    private Waiting(long readyMillis, long cell, double[] values) {
      this.readyMillis = readyMillis;
      this.cell = cell;
      this.values = values;
    }

    /** Whether it waits no more; one that was read again from bytes is another one. */
    boolean isTaken() {
      return taken;
    }
  }

  private final int channels;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long wakeMillis = NEVER;
  private long newest = NO_CELL;

  /**
   * A series of which no cell waits.
   *
   * @param channels that it observes
   */
  protected HindsightSeries(int channels) {
    this.channels = channels;
  }

  /**
   * A series that was kept, with the cells that {@link #writeWaiting} wrote; those of another
   * number of channels are left out.
   *
   * @param channels that it observes
   * @param in is read up to the end of those cells
   */
  protected HindsightSeries(int channels, ByteBuffer in) {
    this(channels);
    wakeMillis = in.getLong();
    newest = in.getLong();
    int count = in.getInt();
    int kept = in.getInt();
    for (int i = 0; i < count; i++) {
      long readyMillis = in.getLong();
      long cell = in.getLong();
      double[] values = new double[kept];
      for (int channel = 0; channel < kept; channel++) {
        values[channel] = in.getDouble();
      }
      if (kept == channels) {
        waiting.add(new Waiting(readyMillis, cell, values));
      }
    }
  }

  /**
   * Takes a cell, now that its turn has come.
   *
   * @param cell number of the cell, as {@link io.tidecast.flink.grid.GridStep#cell} gives it
   * @param values {@code [channel]}, units of the series; NaN is missing
   * @return false if it was too late to be of use, which is counted
   */
  protected abstract boolean close(long cell, double[] values);

  /** Whether forecasts wait for their turn, before which no cell is taken for those behind them. */
  protected boolean isHolding() {
    return false;
  }

  /** The length of {@link #writeWaiting}. */
  protected final int waitingBytes() {
    int cell = 2 * Long.BYTES + channels * Double.BYTES;
    return 2 * Long.BYTES + 2 * Integer.BYTES + waiting.size() * cell;
  }

  /** Writes the cells that wait. */
  protected final void writeWaiting(ByteBuffer out) {
    out.putLong(wakeMillis).putLong(newest).putInt(waiting.size()).putInt(channels);
    for (Waiting one : waiting) {
      out.putLong(one.readyMillis).putLong(one.cell);
      for (double value : one.values) {
        out.putDouble(value);
      }
    }
  }

  final long wakeMillis() {
    return wakeMillis;
  }

  final void wakeAt(long millis) {
    wakeMillis = millis;
  }

  /** The newest cell that was taken; {@link #NO_CELL} before the first. */
  protected final long newest() {
    return newest;
  }

  /** How many cells wait. */
  protected final int waiting() {
    return waiting.size();
  }

  final Waiting add(long readyMillis, long cell, ClosedCell closed) {
    Waiting added = new Waiting(readyMillis, cell, closed.values());
    waiting.add(added);
    return added;
  }

  /** Takes the cell that has waited for longest. Returns how many cells were too late. */
  final int takeOldest() {
    Waiting oldest = waiting.remove();
    oldest.taken = true;
    newest = Math.max(newest, oldest.cell);
    return close(oldest.cell, oldest.values) ? 0 : 1;
  }

  /** Takes the cells that are ready by now. Returns how many were too late. */
  final int takeReady(long nowMillis) {
    int late = 0;
    while (!waiting.isEmpty() && waiting.peek().readyMillis <= nowMillis) {
      late += takeOldest();
    }
    return late;
  }

  /**
   * Takes the cells up to an origin, as they were when that closed: what has been corrected since
   * is behind it. Returns how many were too late.
   */
  protected final int takeThrough(long origin) {
    int late = 0;
    while (newest < origin && !waiting.isEmpty() && waiting.peek().cell <= origin) {
      late += takeOldest();
    }
    return late;
  }
}
