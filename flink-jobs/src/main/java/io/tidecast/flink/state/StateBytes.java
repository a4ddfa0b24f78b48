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
 *   <li>Values are their number (int), then each as a 32-bit float of which every bit comes back.
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
