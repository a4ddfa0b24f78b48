package io.tidecast.flink.record;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Packs the headers of a record into bytes that travel with it to its dead letter. */
public final class KeptHeaders {

  /** So many bytes of names and values are kept; what is beyond that is counted. */
  static final int MAX_BYTES = 4 * 1024;

  /** Says how many headers were left out, for they were too large. */
  public static final String LEFT_OUT = "tidecast.headers-left-out";

  private static final int NULL = -1;

  private KeptHeaders() {}

  /** Packs headers in their order; null for none. */
  static byte @Nullable [] pack(Headers headers) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int leftOut = 0;
    int size = 0;
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Header header : headers) {
        byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
        byte[] value = header.value();
        int length = name.length + (value == null ? 0 : value.length);
        if (size + length > MAX_BYTES) {
          leftOut++;
        } else {
          size += length;
          write(name, value, out);
        }
      }
      if (leftOut > 0) {
        write(
            LEFT_OUT.getBytes(StandardCharsets.UTF_8),
            Integer.toString(leftOut).getBytes(StandardCharsets.UTF_8),
            out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.size() == 0 ? null : bytes.toByteArray();
  }

  private static void write(byte[] name, byte @Nullable [] value, DataOutputStream out)
      throws IOException {
    out.writeInt(name.length);
    out.write(name);
    out.writeInt(value == null ? NULL : value.length);
    if (value != null) {
      out.write(value);
    }
  }

  /** Takes headers. */
  @FunctionalInterface
  public interface Taker {
    void take(String name, byte @Nullable [] value);
  }

  /**
   * Gives packed headers in their order.
   *
   * @param packed as {@link #pack} did; null for none
   */
  public static void unpack(byte @Nullable [] packed, Taker out) {
    if (packed == null) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    while (bytes.hasRemaining()) {
      byte[] name = new byte[bytes.getInt()];
      bytes.get(name);
      int length = bytes.getInt();
      byte[] value = length == NULL ? null : new byte[length];
      if (value != null) {
        bytes.get(value);
      }
      out.take(new String(name, StandardCharsets.UTF_8), value);
    }
  }
}
