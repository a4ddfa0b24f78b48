package io.tidecast.runtime.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a text, as bytes. A line ends with CR, LF or both. One thread uses it. */
final class CsvLines implements Closeable {

  /** Is the longest line that is kept whole, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private final InputStream in;
  private final TextEncoding encoding;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int limit;
  private long position;
  private long number;
  private byte[] kept = new byte[256];
  private int size;

  /**
   * Is one line.
   *
   * @param bytes with its end; of a longer line {@link #MAX_BYTES} and one byte more
   * @param length without its end, bytes
   * @param number from 1
   * @param end where the next line begins, bytes from the beginning of the text
   */
  record Line(byte[] bytes, int length, long number, long end) {}

  /**
   * @param in stands at the position
   * @param position where a line begins, bytes; 0 before a byte-order mark
   * @param number of the line before it
   */
  CsvLines(InputStream in, TextEncoding encoding, long position, long number) throws IOException {
    this.in = in;
    this.encoding = encoding;
    this.position = position;
    this.number = number;
    if (position == 0 && encoding.markBytes() > 0) {
      in.skipNBytes(encoding.markBytes());
      this.position = encoding.markBytes();
    }
  }

  /** Returns the next line; null after the last. */
  @Nullable Line next() throws IOException {
    long start = position;
    size = 0;
    int unit = encoding.unit();
    while (limit - at >= unit || fill()) {
      int end = endOfText();
      keep(end - at);
      if (limit - at >= unit) {
        int length = Math.min(size, MAX_BYTES + 1);
        boolean carriageReturn = unitAt(at) == '\r';
        keep(unit);
        if (carriageReturn && (limit - at >= unit || fill()) && unitAt(at) == '\n') {
          keep(unit);
        }
        return line(length);
      }
    }
    // The last line has no end, and perhaps half a character.
    keep(limit - at);
    return position == start ? null : line(Math.min(size, MAX_BYTES + 1));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Line line(int length) {
    number++;
    return new Line(Arrays.copyOf(kept, Math.min(size, kept.length)), length, number, position);
  }

  /** Returns where a line ends, or where there is no whole character left. */
  private int endOfText() {
    int unit = encoding.unit();
    int i = at;
    while (limit - i >= unit) {
      int one = unitAt(i);
      if (one == '\n' || one == '\r') {
        return i;
      }
      i += unit;
    }
    return i;
  }

  private int unitAt(int index) {
    int unit = encoding.unit();
    if (unit == 1) {
      return buffer[index];
    }
    int value = 0;
    for (int i = 0; i < unit; i++) {
      value = value << 8 | (buffer[encoding.bigEndian() ? index + i : index + unit - 1 - i] & 0xFF);
    }
    return value;
  }

  /** Takes bytes, of which no more are kept than a line may have. */
  private void keep(int count) {
    int room = Math.min(count, MAX_BYTES + 1 + 2 * encoding.unit() - size);
    if (room > 0) {
      if (size + room > kept.length) {
        kept = Arrays.copyOf(kept, Math.max(2 * kept.length, size + room));
      }
      System.arraycopy(buffer, at, kept, size, room);
      size += room;
    }
    at += count;
    position += count;
  }

  /** Reads on until there is a whole character; false at the end. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, at, buffer, 0, limit - at);
    limit -= at;
    at = 0;
    while (limit < encoding.unit()) {
      int read = in.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        return false;
      }
      limit += read;
    }
    return true;
  }
}
