package io.tidecast.flink.hindsight;

import io.tidecast.flink.state.LiveBytes;
import java.nio.ByteBuffer;

/**
 * What is kept of one series by who answers for its forecasts, and the cells that wait until every
 * forecast that was made before they closed is here. One thread.
 *
 * <p>Of whatever version its bytes are, they begin with that (byte) and the waiting cells, which
 * are these bytes, big-endian: time of the timer of the end of the series (long), the newest cell
 * that was taken (long), how many cells wait (int), channels (int), for each cell the time when it
 * is ready (long), its number (long) and its values (doubles).
 */
public abstract class HindsightSeries extends LiveBytes {

  /** No timer looks after the end of the series. */
  static final long NEVER = Long.MIN_VALUE;

  /** No cell has been taken. */
  protected static final long NO_CELL = Long.MIN_VALUE;

  /** Where bytes say when the timer of the end is, behind their version. */
  private static final int WAKE_AT = 1;

  private final int channels;
  private final CellRing waiting;
  private long wakeMillis = NEVER;
  private long newest = NO_CELL;

  /**
   * A series of which no cell waits.
   *
   * @param channels that it observes
   */
  protected HindsightSeries(int channels) {
    this.channels = channels;
    this.waiting = new CellRing(channels);
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
        waiting.add(readyMillis, cell, values);
      }
    }
  }

  /**
   * Takes a cell, now that its turn has come.
   *
   * @param cell number of the cell, as {@link io.tidecast.runtime.grid.GridStep#cell} gives it
   * @param values {@code [channel]}, units of the series; NaN is missing
   * @return false if it was too late to be of use, which is counted
   */
  protected abstract boolean close(long cell, double[] values);

  /**
   * Reads one number from each line of memory that the next cell and the next forecast need. Series
   * by the thousand lie far from the processor: so all lines are on their way at once, and none is
   * waited for before the next is asked for.
   *
   * @return what the numbers add up to, for which nobody has use; a compiler would leave them out
   */
  protected double fetch() {
    return 0;
  }

  /** Whether forecasts wait for their turn, before which no cell is taken for those behind them. */
  protected boolean isHolding() {
    return false;
  }

  /**
   * When the watermark is there, the first forecast has its turn that is held for its cell; {@link
   * Long#MAX_VALUE} where none is.
   */
  protected long heldUntilMillis() {
    return Long.MAX_VALUE;
  }

  /** The length of {@link #writeWaiting}. */
  protected final int waitingBytes() {
    int cell = 2 * Long.BYTES + channels * Double.BYTES;
    return 2 * Long.BYTES + 2 * Integer.BYTES + waiting.size() * cell;
  }

  /** Writes the cells that wait. */
  protected final void writeWaiting(ByteBuffer out) {
    out.putLong(wakeMillis).putLong(newest).putInt(waiting.size()).putInt(channels);
    for (int i = 0; i < waiting.size(); i++) {
      out.putLong(waiting.readyMillis(i)).putLong(waiting.number(i));
      for (double value : waiting.values(i)) {
        out.putDouble(value);
      }
    }
  }

  /** When the timer is of the end of a series that was kept; {@link #NEVER} where there is none. */
  static long wakeMillis(byte[] kept) {
    return ByteBuffer.wrap(kept).getLong(WAKE_AT);
  }

  /** Has the bytes of a series say when the timer of its end is. */
  static void wakeAt(byte[] kept, long millis) {
    ByteBuffer.wrap(kept).putLong(WAKE_AT, millis);
  }

  /** The newest cell that has come of a series that was kept; {@link #NO_CELL} before the first. */
  static long newestToCome(byte[] kept) {
    ByteBuffer in = ByteBuffer.wrap(kept).position(WAKE_AT + Long.BYTES);
    long newest = in.getLong();
    int count = in.getInt();
    int channels = in.getInt();
    for (int i = 0; i < count; i++) {
      in.getLong();
      newest = Math.max(newest, in.getLong());
      in.position(in.position() + channels * Double.BYTES);
    }
    return newest;
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

  /** The newest cell that has come, taken or not; {@link #NO_CELL} before the first. */
  final long newestToCome() {
    long newestToCome = newest;
    for (int i = 0; i < waiting.size(); i++) {
      newestToCome = Math.max(newestToCome, waiting.number(i));
    }
    return newestToCome;
  }

  /** How many cells wait. */
  protected final int waiting() {
    return waiting.size();
  }

  /** Has a cell wait. */
  final void add(long readyMillis, long cell, double[] values) {
    waiting.add(readyMillis, cell, values);
  }

  /** When the watermark is there, a cell or a forecast that waits has its turn. */
  final long nextMillis() {
    long held = heldUntilMillis();
    return waiting.isEmpty() ? held : Math.min(held, waiting.readyMillis(0));
  }

  /** Takes the cell that has waited for longest. Returns how many cells were too late. */
  final int takeOldest() {
    long cell = waiting.number(0);
    double[] values = waiting.values(0);
    waiting.remove();
    newest = Math.max(newest, cell);
    return close(cell, values) ? 0 : 1;
  }

  /** Takes the cells that are ready by now. Returns how many were too late. */
  final int takeReady(long nowMillis) {
    int late = 0;
    while (!waiting.isEmpty() && waiting.readyMillis(0) <= nowMillis) {
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
    while (newest < origin && !waiting.isEmpty() && waiting.number(0) <= origin) {
      late += takeOldest();
    }
    return late;
  }
}
