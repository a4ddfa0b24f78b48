package io.tidecast.flink.source.csv;

import io.tidecast.flink.format.csv.CsvLine;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file, as bytes. One thread. */
public final class CsvLines implements Closeable {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).flip();
  private long position;
  private long number;
  private byte[] line = new byte[256];
  private int length;

  /**
   * @param position where a line begins, bytes
   * @param number of the line before it, from 1; 0 at the beginning
   */
  CsvLines(Path file, long position, long number) throws IOException {
    this.channel = FileChannel.open(file);
    this.channel.position(position);
    this.position = position;
    this.number = number;
  }

  /**
   * The next line without its end; null after the last. Of a line that is too long, {@link
   * CsvLine#MAX_BYTES} and one byte more are kept.
   */
  byte @Nullable [] next() throws IOException {
    length = 0;
    long start = position;
    boolean ended = false;
    while (!ended && (buffer.hasRemaining() || fill())) {
      byte next = buffer.get();
      position++;
      ended = next == '\n';
      if (!ended && length <= CsvLine.MAX_BYTES) {
        append(next);
      }
    }
    if (position == start) {
      return null;
    }
    number++;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    boolean marked = start == 0 && length >= 3 && Arrays.equals(line, 0, 3, BYTE_ORDER_MARK, 0, 3);
    return Arrays.copyOfRange(line, marked ? 3 : 0, length);
  }

  /** Where the line after the last one begins, bytes. */
  long position() {
    return position;
  }

  /** Of the last line, from 1. */
  long number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void append(byte next) {
    if (length == line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    line[length] = next;
    length++;
  }

  private boolean fill() throws IOException {
    buffer.clear();
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }
}
