package io.tidecast.flink.hindsight;

import java.util.Arrays;

/**
 * The newest cell that each series has taken which has been visited. It is told by the hash of its
 * name, so that a million of them are some megabytes and nothing for the garbage collector to
 * follow: those of one hash have the newest of both. One thread.
 */
final class NewestCells {

  /** Of a series that has not been visited; later than any cell. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final int ROOM = 1 << 10;

  /** All are forgotten when there are more, which costs each another visit. */
  private static final int MOST_ROOM = 1 << 21;

  private int[] hashes = new int[ROOM];

  /** {@link #UNKNOWN} of a place that is free. */
  private long[] cells = free(ROOM);

  private int size;

  private static long[] free(int room) {
    long[] cells = new long[room];
    Arrays.fill(cells, UNKNOWN);
    return cells;
  }

  /** The newest cell of a series, or {@link #UNKNOWN}. */
  long of(String series) {
    return cells[place(series.hashCode())];
  }

  /** Where a hash is, or would be. */
  private int place(int hash) {
    // Names that are alike have hashes that are.
    int place = (hash * 0x9E3779B9) >>> (Integer.numberOfLeadingZeros(cells.length) + 1);
    while (cells[place] != UNKNOWN && hashes[place] != hash) {
      place = (place + 1) & (cells.length - 1);
    }
    return place;
  }

  /** Tells the newest cell of a series. */
  void put(String series, long cell) {
    int hash = series.hashCode();
    int place = place(hash);
    if (cells[place] != UNKNOWN) {
      cells[place] = Math.max(cells[place], cell);
      return;
    }
    hashes[place] = hash;
    cells[place] = cell;
    size++;
    if (size > cells.length / 2) {
      grow();
    }
  }

  private void grow() {
    int[] oldHashes = hashes;
    long[] old = cells;
    size = 0;
    int room = old.length == MOST_ROOM ? ROOM : 2 * old.length;
    hashes = new int[room];
    cells = free(room);
    for (int i = 0; i < old.length && room > old.length; i++) {
      if (old[i] != UNKNOWN) {
        int place = place(oldHashes[i]);
        hashes[place] = oldHashes[i];
        cells[place] = old[i];
        size++;
      }
    }
  }
}
