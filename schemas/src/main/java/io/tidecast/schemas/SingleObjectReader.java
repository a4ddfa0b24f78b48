package io.tidecast.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro single objects of one schema, one after another, at a fraction of the time of Avro's
 * own decoder: between {@link #begin} and {@link #end} the caller takes the fields in the order of
 * the schema, which nothing here knows. What a record claims is held against the bytes there are
 * before memory is taken for it. Not serializable; one thread.
 */
public final class SingleObjectReader {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Where the fingerprint is, after the two marker bytes. */
  private static final int FINGERPRINT = 2;

  private final String name;
  private final long fingerprint;
  private byte[] bytes = {};
  private int at;

  public SingleObjectReader(Schema schema) {
    this.name = schema.getName();
    this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
  }

  /**
   * Begins a record.
   *
   * @param value of a record of a topic; null where it has none, which is refused
   * @throws CodecException if it is no single object, or one of another schema
   */
  public void begin(byte @Nullable [] value) throws CodecException {
    byte[] whole = present(value);
    long found = fingerprint(whole);
    if (found != fingerprint) {
      throw new CodecException(
          ErrorCode.UNKNOWN_SCHEMA,
          "fingerprint must be of a known %s schema: fingerprint=%016x".formatted(name, found));
    }
    bytes = whole;
    at = AvroRecordBytes.HEADER_BYTES;
  }

  /** Returns the value of a record that must have one. */
  static byte[] present(byte @Nullable [] value) throws CodecException {
    if (value == null || value.length == 0) {
      throw new CodecException(ErrorCode.MALFORMED, "value must not be empty");
    }
    return value;
  }

  /** Reads what says of which schema a single object is, if it is one. */
  static long fingerprint(byte[] value) throws CodecException {
    if (value.length < AvroRecordBytes.HEADER_BYTES
        || value[0] != AvroRecordBytes.MARKER_0
        || value[1] != AvroRecordBytes.MARKER_1) {
      throw new CodecException(
          ErrorCode.MALFORMED,
          "bytes must start with the Avro single-object marker C3 01 and a fingerprint: length=%d"
              .formatted(value.length));
    }
    return (long) LONG.get(value, FINGERPRINT);
  }

  /** Ends the record, which must have been read to its last byte. */
  public void end() throws CodecException {
    if (at != bytes.length) {
      throw new CodecException(
          ErrorCode.MALFORMED, "bytes must end with the record: length=%d".formatted(bytes.length));
    }
  }

  /** Reads a long. */
  public long whole() throws CodecException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && at < bytes.length; shift += 7) {
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw broken();
  }

  public double number() throws CodecException {
    if (bytes.length - at < Double.BYTES) {
      throw broken();
    }
    double value = Double.longBitsToDouble((long) LONG.get(bytes, at));
    at += Double.BYTES;
    return value;
  }

  /** Reads a text; what is no UTF-8 in it becomes the replacement character. */
  public String text() throws CodecException {
    long length = whole();
    if (length < 0 || length > bytes.length - at) {
      throw broken();
    }
    String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
    at += (int) length;
    return text;
  }

  /**
   * Reads which branch of a union comes next, counted from 0.
   *
   * @param branches that there are
   */
  public int branch(int branches) throws CodecException {
    long branch = whole();
    if (branch < 0 || branch >= branches) {
      throw broken();
    }
    return (int) branch;
  }

  /**
   * Reads how many items of an array come next, each of which takes a byte or more; after them this
   * is to be asked again. 0 is the end of the array.
   */
  public int items() throws CodecException {
    long count = whole();
    if (count < 0) {
      // Then follows how many bytes they take, for those who pass over them.
      count = -count;
      whole();
    }
    if (count < 0 || count > bytes.length - at) {
      throw broken();
    }
    return (int) count;
  }

  private CodecException broken() {
    return new CodecException(
        ErrorCode.MALFORMED, "bytes must be a whole %s: length=%d".formatted(name, bytes.length));
  }
}
