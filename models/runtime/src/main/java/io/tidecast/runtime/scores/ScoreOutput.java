package io.tidecast.runtime.scores;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the bytes of a series: whole numbers in as few bytes as they take, seven bits in each, the
 * lowest first; others big-endian. One thread.
 */
final class ScoreOutput {

  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  ScoreOutput(int expected) {
    bytes = new byte[expected];
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void putInt(int value) {
    reserve(Integer.BYTES);
    INTS.set(bytes, size, value);
    size += Integer.BYTES;
  }

  void putDouble(double value) {
    reserve(Double.BYTES);
    DOUBLES.set(bytes, size, value);
    size += Double.BYTES;
  }

  /** Writes a number of either sign; its sign becomes its lowest bit. */
  void putSigned(long value) {
    putCount(value << 1 ^ value >> 63);
  }

  /** Writes a number that is not negative. */
  void putCount(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void putText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    putCount(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  /** Writes values as floats where those say all of them, as {@link #areFloats} has told. */
  void putValues(double[] values, int from, int count, boolean floats) {
    for (int i = from; i < from + count; i++) {
      if (floats) {
        putInt(Float.floatToRawIntBits((float) values[i]));
      } else {
        putDouble(values[i]);
      }
    }
  }

  /** Whether floats say all of some values, of which NaN is one. */
  static boolean areFloats(double[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      if ((float) values[i] != values[i] && !Double.isNaN(values[i])) {
        return false;
      }
    }
    return true;
  }
}
