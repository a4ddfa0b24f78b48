package io.tidecast.runtime.anomalies;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads and writes what is kept of a series, and refuses what was never written. */
final class KeptBytes {

  private KeptBytes() {}

  /** Returns a number that must be within 0 and a limit. */
  static int count(String name, int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalStateException("must be within 0..%d: %s=%d".formatted(most, name, value));
    }
    return value;
  }

  static int bytes(String text) {
    return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
  }

  static void write(String text, ByteBuffer out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putInt(bytes.length).put(bytes);
  }

  static String text(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
