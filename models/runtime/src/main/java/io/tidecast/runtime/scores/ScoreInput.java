package io.tidecast.runtime.scores;

import java.nio.charset.StandardCharsets;

/** Reads what a {@link ScoreOutput} wrote. Bytes that are none of a series are refused. */
final class ScoreInput {

  private final byte[] bytes;
  private int at;

  ScoreInput(byte[] bytes) {
    this.bytes = bytes;
  }

  private void require(long more) {
    if (more < 0 || more > bytes.length - at) {
      throw new IllegalStateException(
          "scores must be whole, their bytes end early: needed=%d, left=%d"
              .formatted(more, bytes.length - at));
    }
  }

  /** Makes sure that everything was read. */
  void end() {
    if (at != bytes.length) {
      throw new IllegalStateException(
          "scores must end with their last byte: left=" + (bytes.length - at));
    }
  }

  int getByte() {
    require(1);
    return bytes[at++] & 0xFF;
  }

  int getInt() {
    require(Integer.BYTES);
    int value = (int) ScoreOutput.INTS.get(bytes, at);
    at += Integer.BYTES;
    return value;
  }

  double getDouble() {
    require(Double.BYTES);
    double value = (double) ScoreOutput.DOUBLES.get(bytes, at);
    at += Double.BYTES;
    return value;
  }

  long getSigned() {
    long value = getCount();
    return value >>> 1 ^ -(value & 1);
  }

  long getCount() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = getByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("a number of scores must end within ten bytes");
  }

  /** Reads a number that must be within 0 and a limit. */
  int getCount(String name, int most) {
    long value = getCount();
    if (value < 0 || value > most) {
      throw new IllegalStateException("must be within 0..%d: %s=%d".formatted(most, name, value));
    }
    return (int) value;
  }

  String getText() {
    int length = getCount("length of a text", bytes.length);
    require(length);
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  void getValues(double[] values, int from, int count, boolean floats) {
    for (int i = from; i < from + count; i++) {
      values[i] = floats ? Float.intBitsToFloat(getInt()) : getDouble();
    }
  }
}
