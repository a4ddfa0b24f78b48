package io.tidecast.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records of one schema, one after another into the same memory, each after bytes that
 * say what it is of. What is between {@link #begin} and {@link #end} is up to the caller, who
 * writes the fields in the order of the schema: nothing here knows it. The bytes are those of
 * Avro's own encoder, at a fraction of its time. Not serializable; one thread.
 */
public final class AvroRecordBytes {

  static final int HEADER_BYTES = 10;
  static final byte MARKER_0 = (byte) 0xC3;
  static final byte MARKER_1 = (byte) 0x01;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int FIRST_BYTES = 1024;
  private static final int MAX_VARINT_BYTES = 10;

  /** What an array can have. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  /** How many texts are remembered: those that all records of a kind have in common are few. */
  private static final int LATEST = 4;

  private final byte[] header;
  private final @Nullable String[] latest = new String[LATEST];
  private final byte[][] latestBytes = new byte[LATEST][];
  private int oldest;
  private byte[] bytes;
  private int length;

  private AvroRecordBytes(byte[] header) {
    this.header = header;
    this.bytes = Arrays.copyOf(header, Math.max(header.length, FIRST_BYTES));
    this.length = header.length;
  }

  /** Writes single objects of a schema. */
  public static AvroRecordBytes singleObjects(Schema schema) {
    return new AvroRecordBytes(header(SchemaNormalization.parsingFingerprint64(schema)));
  }

  /**
   * Writes records of any schema.
   *
   * @param header before each record; may be empty
   */
  public static AvroRecordBytes after(byte[] header) {
    return new AvroRecordBytes(header.clone());
  }

  /** What stands before a single object. */
  static byte[] header(long fingerprint) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MARKER_0)
        .put(MARKER_1)
        .putLong(fingerprint)
        .array();
  }

  /** Begins a record, whatever became of the one before. */
  public void begin() {
    length = header.length; // Which stands there from the first record on.
  }

  /** Ends the record that was begun and returns its bytes in a new array. */
  public byte[] end() {
    return Arrays.copyOf(bytes, length);
  }

  /** Writes an int or a long, which look alike. */
  public void whole(long value) {
    room(MAX_VARINT_BYTES);
    varint(value);
  }

  public void number(double value) {
    room(Double.BYTES);
    LONG.set(bytes, length, Double.doubleToRawLongBits(value));
    length += Double.BYTES;
  }

  public void flag(boolean value) {
    room(1);
    bytes[length++] = (byte) (value ? 1 : 0);
  }

  /** Writes which branch of a union comes next, counted from 0. */
  public void branch(int index) {
    whole(index);
  }

  /** Writes a text. One of those that were written last is not made into bytes again. */
  public void text(String value) {
    byte[] utf8 = utf8(value);
    bytes(utf8, utf8.length);
  }

  @SuppressWarnings("ReferenceEquality") // What is written with every record is the same object.
  private byte[] utf8(String value) {
    for (int i = 0; i < LATEST; i++) {
      if (latest[i] == value) {
        return latestBytes[i];
      }
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    latest[oldest] = value;
    latestBytes[oldest] = utf8;
    oldest = (oldest + 1) % LATEST;
    return utf8;
  }

  /**
   * Writes bytes, or a text whose bytes in UTF-8 they are.
   *
   * @param count of them, the first of {@code value}
   */
  public void bytes(byte[] value, int count) {
    room(MAX_VARINT_BYTES + (long) count);
    varint(count);
    System.arraycopy(value, 0, bytes, length, count);
    length += count;
  }

  /** Writes an array of texts. */
  public void texts(String[] values) {
    if (values.length > 0) {
      whole(values.length);
      for (String value : values) {
        text(value);
      }
    }
    whole(0);
  }

  /**
   * Writes an array of doubles.
   *
   * @param count of them, the first of {@code values}
   */
  public void numbers(double[] values, int count) {
    room(2L * MAX_VARINT_BYTES + (long) count * Double.BYTES);
    if (count > 0) {
      varint(count);
      ByteBuffer.wrap(bytes, length, count * Double.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asDoubleBuffer()
          .put(values, 0, count);
      length += count * Double.BYTES;
    }
    varint(0);
  }

  /** Writes a number in as few bytes as it takes; there is room for it. */
  private void varint(long value) {
    long left = (value << 1) ^ (value >> 63);
    int at = length;
    while ((left & ~0x7FL) != 0) {
      bytes[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[at++] = (byte) left;
    length = at;
  }

  private void room(long more) {
    long wanted = length + more;
    if (wanted > bytes.length) {
      if (wanted > MOST_BYTES) {
        throw new IllegalStateException(
            "a record must have no more than %d bytes: %d".formatted(MOST_BYTES, wanted));
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(MOST_BYTES, Math.max(wanted, 2L * bytes.length)));
    }
  }
}
