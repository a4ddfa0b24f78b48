package io.tidecast.flink.series;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps headers beside the open cells of a series: of each cell those of the observation that came
 * into it last, which go onto the forecast that is made when it closes. One array a series, and
 * none where no observation has such headers.
 *
 * <p>Version 1: a byte with the version, then of each cell its number (long), the length of its
 * headers (int) and those.
 */
final class CellHeaders {

  private static final byte VERSION = 1;
  private static final int BEFORE_HEADERS = Long.BYTES + Integer.BYTES;

  private CellHeaders() {}

  /**
   * Returns what is to be kept once an observation has come.
   *
   * @param kept before; null for nothing; not changed
   * @param cell that it came into
   * @param headers that it has; null for none
   * @param closed the last cell that is closed by now, of which and before which nothing is kept
   * @return null for nothing
   */
  static byte @Nullable [] after(
      byte @Nullable [] kept, long cell, byte @Nullable [] headers, long closed) {
    byte[] added = cell > closed ? headers : null;
    ByteBuffer out =
        ByteBuffer.allocate(
            (kept == null ? Byte.BYTES : kept.length)
                + (added == null ? 0 : BEFORE_HEADERS + added.length));
    out.put(VERSION);
    if (kept != null) {
      ByteBuffer in = entries(kept);
      while (in.hasRemaining()) {
        long one = in.getLong();
        byte[] its = take(in);
        if (one > closed && one != cell) {
          put(one, its, out);
        }
      }
    }
    if (added != null) {
      put(cell, added, out);
    }
    return array(out);
  }

  /** Returns what is to be kept once cells have closed; null for nothing. */
  static byte @Nullable [] after(byte[] kept, long closed) {
    return after(kept, closed, null, closed);
  }

  /** Returns the headers of a cell; null for none. */
  static byte @Nullable [] of(byte @Nullable [] kept, long cell) {
    if (kept == null) {
      return null;
    }
    ByteBuffer in = entries(kept);
    while (in.hasRemaining()) {
      long one = in.getLong();
      byte[] its = take(in);
      if (one == cell) {
        return its;
      }
    }
    return null;
  }

  private static ByteBuffer entries(byte[] kept) {
    ByteBuffer in = ByteBuffer.wrap(kept);
    byte version = in.get();
    if (version != VERSION) {
      throw new IllegalStateException(
          "headers of cells must be of version %d: version=%d".formatted(VERSION, version));
    }
    return in;
  }

  private static byte[] take(ByteBuffer in) {
    byte[] headers = new byte[in.getInt()];
    in.get(headers);
    return headers;
  }

  private static void put(long cell, byte[] headers, ByteBuffer out) {
    out.putLong(cell).putInt(headers.length).put(headers);
  }

  private static byte @Nullable [] array(ByteBuffer out) {
    if (out.position() == Byte.BYTES) {
      return null;
    }
    byte[] all = new byte[out.position()];
    out.flip().get(all);
    return all;
  }
}
