package io.tidecast.flink.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Texts and values in state. All numbers are big-endian.
 *
 * <ul>
 *   <li>A text is the number of its chars (int), their width in bytes (a byte, 1 or 2), then the
 *       chars. Every string comes back as it was, also one that is no proper Unicode: its hash says
 *       where its series is kept.
 *   <li>Values are their number (int), then each as a 32-bit float of which every bit comes back;
 *       doubles likewise, in 64 bits.
 *   <li>A small number is written in as few bytes as it takes, seven bits in each, the lowest
 *       first, the highest bit saying that more follow; its sign is its lowest bit.
 * </ul>
 *
 * <p>A number that claims more than there is costs no more memory than what there is.
 */
final class StateBytes {

  private static final int CHUNK_BYTES = 8 * 1024;

  /** What is believed before any of it is there. */
  private static final int BELIEVED_BYTES = 64 * 1024;

  /** What an array can have. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private static final int NARROW = 1;
  private static final int WIDE = 2;

  private StateBytes() {}

  static void writeText(String text, DataOutputView out) throws IOException {
    boolean wide = isWide(text);
    out.writeInt(text.length());
    out.writeByte(wide ? WIDE : NARROW);
    if (wide) {
      out.writeChars(text);
    } else {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static boolean isWide(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param what it is, in messages
   */
  static String readText(String what, DataInputView in) throws IOException {
    int chars = count(what, "chars", in);
    int width = in.readByte();
    if (width != NARROW && width != WIDE) {
      throw new IOException("%s must have chars of 1 or 2 bytes: width=%d".formatted(what, width));
    }
    byte[] bytes = read(what, "chars", chars, width, in);
    return width == NARROW
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  static void writeValues(float[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    byte[] chunk = new byte[Math.min(values.length * Float.BYTES, CHUNK_BYTES)];
    for (int at = 0; at < values.length; ) {
      int count = Math.min(values.length - at, chunk.length / Float.BYTES);
      ByteBuffer.wrap(chunk).asFloatBuffer().put(values, at, count);
      out.write(chunk, 0, count * Float.BYTES);
      at += count;
    }
  }

  /**
   * @param what they are, in messages
   */
  static float[] readValues(String what, DataInputView in) throws IOException {
    int count = count(what, "values", in);
    byte[] bytes = read(what, "values", count, Float.BYTES, in);
    float[] values = new float[count];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
    return values;
  }

  static void writeDoubles(double[] values, DataOutputView out) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  /**
   * @param what they are, in messages
   */
  static double[] readDoubles(String what, DataInputView in) throws IOException {
    int count = count(what, "values", in);
    byte[] bytes = read(what, "values", count, Double.BYTES, in);
    double[] values = new double[count];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }

  /** Writes a number that is mostly near 0, in 1 to 10 bytes. */
  static void writeSmall(long number, DataOutputView out) throws IOException {
    long left = (number << 1) ^ (number >> 63);
    while ((left & ~0x7FL) != 0) {
      out.writeByte((int) (left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.writeByte((int) left);
  }

  /**
   * @param what it is, in messages
   */
  static long readSmall(String what, DataInputView in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.readByte();
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (number >>> 1) ^ -(number & 1);
      }
    }
    throw new IOException("%s must be a number of at most 10 bytes".formatted(what));
  }

  /**
   * @param what it is, in messages
   * @throws IOException if it is below 0 or no int
   */
  static int readSmallCount(String what, DataInputView in) throws IOException {
    long number = readSmall(what, in);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new IOException("%s must be 0 or more, and an int: %d".formatted(what, number));
    }
    return (int) number;
  }

  /** Writes a text of mostly narrow chars: its length and width as one small number, the chars. */
  static void writeShortText(String text, DataOutputView out) throws IOException {
    boolean wide = isWide(text);
    writeSmall(text.length() * 2L + (wide ? 1 : 0), out);
    if (wide) {
      out.writeChars(text);
    } else {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /**
   * @param what it is, in messages
   */
  static String readShortText(String what, DataInputView in) throws IOException {
    long number = readSmall(what, in);
    if (number < 0 || number > 2L * Integer.MAX_VALUE + 1) {
      throw new IOException("%s must have 0 or more chars: number=%d".formatted(what, number));
    }
    int width = (number & 1) == 0 ? NARROW : WIDE;
    byte[] bytes = read(what, "chars", (int) (number >> 1), width, in);
    return width == NARROW
        ? new String(bytes, StandardCharsets.ISO_8859_1)
        : ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    writeSmall(bytes.length, out);
    out.write(bytes);
  }

  /**
   * @param what they are, in messages
   */
  static byte[] readBytes(String what, DataInputView in) throws IOException {
    return read(what, "bytes", readSmallCount(what, in), Byte.BYTES, in);
  }

  private static int count(String what, String unit, DataInputView in) throws IOException {
    int count = in.readInt();
    if (count < 0) {
      throw new IOException("%s must have 0 or more %s: %s=%d".formatted(what, unit, unit, count));
    }
    return count;
  }

  private static byte[] read(String what, String unit, int count, int width, DataInputView in)
      throws IOException {
    long wanted = (long) count * width;
    if (wanted > MOST_BYTES) {
      throw new IOException(
          "%s must have no more than %d %s: %s=%d"
              .formatted(what, MOST_BYTES / width, unit, unit, count));
    }
    byte[] bytes = new byte[(int) Math.min(wanted, BELIEVED_BYTES)];
    int found = 0;
    while (found < wanted) {
      if (found == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, 2L * bytes.length));
      }
      int more = in.read(bytes, found, bytes.length - found);
      if (more <= 0) {
        throw new IOException(
            "%s claimed %d %s, but only had %d".formatted(what, count, unit, found / width));
      }
      found += more;
    }
    return bytes;
  }
}
