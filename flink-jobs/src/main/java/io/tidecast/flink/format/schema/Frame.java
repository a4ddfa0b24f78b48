package io.tidecast.flink.format.schema;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What stands around a record.
 *
 * @param schema that it was written with
 * @param after the bytes that follow the name of the schema, at its position: in the header, or
 *     those of the record
 * @param body the bytes of the record, at its position; the same as {@code after} unless the name
 *     is in a header
 */
public record Frame(SchemaRef schema, ByteBuffer after, ByteBuffer body) {

  /** Names the schema of a value. */
  public static final String VALUE_HEADER = "__value_schema_id";

  /** Names the schema of a key. */
  public static final String KEY_HEADER = "__key_schema_id";

  private static final byte BY_ID = 0;
  private static final byte BY_GUID = 1;
  private static final int ID_BYTES = 1 + Integer.BYTES;
  private static final int GUID_BYTES = 1 + 2 * Long.BYTES;

  /**
   * Reads the frame of a value or a key.
   *
   * @param header that names the schema if the record has it, one of the above
   * @throws RefusedException if there is none
   */
  public static Frame of(byte[] bytes, Headers headers, String header) throws RefusedException {
    Header named = headers.lastHeader(header);
    if (named != null && named.value() != null) {
      ByteBuffer name = ByteBuffer.wrap(named.value());
      if (name.remaining() >= ID_BYTES && name.get(0) == BY_ID) {
        return new Frame(id(name), name, ByteBuffer.wrap(bytes));
      }
      if (name.remaining() >= GUID_BYTES && name.get(0) == BY_GUID) {
        name.get();
        SchemaRef guid = new SchemaRef.Guid(new UUID(name.getLong(), name.getLong()));
        return new Frame(guid, name, ByteBuffer.wrap(bytes));
      }
      throw new RefusedException(
          ErrorCode.MALFORMED,
          "header must be 01 and the 16 bytes of a GUID, or 00 and the 4 bytes of a schema id: %s has %d bytes"
              .formatted(header, named.value().length));
    }
    if (!looksFramed(bytes)) {
      throw new RefusedException(
          ErrorCode.MALFORMED,
          "bytes must start with a zero byte and a schema id of four, or the header %s must name the schema: length=%d"
              .formatted(header, bytes.length));
    }
    ByteBuffer value = ByteBuffer.wrap(bytes);
    return new Frame(id(value), value, value);
  }

  /** Says whether bytes begin as a frame does, which those of some records do by chance. */
  public static boolean looksFramed(byte[] bytes) {
    return bytes.length >= ID_BYTES && bytes[0] == BY_ID;
  }

  /**
   * Returns the bytes of the record, from the position on.
   *
   * @throws RefusedException if there are none
   */
  public byte[] rest() throws RefusedException {
    if (!body.hasRemaining()) {
      throw new RefusedException(
          ErrorCode.MALFORMED, "bytes must go on after the schema id: length=" + body.limit());
    }
    byte[] rest = new byte[body.remaining()];
    body.get(body.position(), rest);
    return rest;
  }

  private static SchemaRef id(ByteBuffer bytes) {
    bytes.get();
    return new SchemaRef.Id(bytes.getInt());
  }
}
