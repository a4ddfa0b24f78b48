package io.tidecast.schemas;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro records of one schema, one after another into the same memory, each after bytes that
 * say what it is of. What is between {@link #begin} and {@link #end} is up to the caller, who
 * writes the fields in the order of the schema. Not serializable; one thread.
 */
public final class AvroRecordBytes {

  static final int HEADER_BYTES = 10;
  static final byte MARKER_0 = (byte) 0xC3;
  static final byte MARKER_1 = (byte) 0x01;

  private final byte[] header;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
  private @Nullable BinaryEncoder encoder;

  private AvroRecordBytes(byte[] header) {
    this.header = header;
  }

  /** Writes single objects of a schema. */
  public static AvroRecordBytes singleObjects(Schema schema) {
    return singleObjects(SchemaNormalization.parsingFingerprint64(schema));
  }

  static AvroRecordBytes singleObjects(long fingerprint) {
    return new AvroRecordBytes(
        ByteBuffer.allocate(HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MARKER_0)
            .put(MARKER_1)
            .putLong(fingerprint)
            .array());
  }

  /**
   * Writes records of any schema.
   *
   * @param header before each record; may be empty
   */
  public static AvroRecordBytes after(byte[] header) {
    return new AvroRecordBytes(header.clone());
  }

  /** Begins a record, whatever became of the one before. */
  public Encoder begin() {
    // First of all: it passes on what was left in its buffer.
    BinaryEncoder begun = EncoderFactory.get().binaryEncoder(out, encoder);
    encoder = begun;
    out.reset();
    out.writeBytes(header);
    return begun;
  }

  /** Ends the record that was begun and returns its bytes in a new array. */
  public byte[] end() throws IOException {
    requireNonNull(encoder, "a record must be begun first").flush();
    return out.toByteArray();
  }
}
