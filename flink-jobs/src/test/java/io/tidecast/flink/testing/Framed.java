package io.tidecast.flink.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** What producers write that know a schema registry. */
public final class Framed {

  private Framed() {}

  /** Bytes with the id of their schema before them. */
  public static byte[] framed(int id, byte[] bytes) {
    return ByteBuffer.allocate(5 + bytes.length).put((byte) 0).putInt(id).put(bytes).array();
  }

  /**
   * A header that names a schema by its GUID.
   *
   * @param more what follows the name
   */
  public static Headers header(String name, UUID guid, byte... more) {
    byte[] value =
        ByteBuffer.allocate(17 + more.length)
            .put((byte) 1)
            .putLong(guid.getMostSignificantBits())
            .putLong(guid.getLeastSignificantBits())
            .put(more)
            .array();
    return new RecordHeaders().add(name, value);
  }

  /** A datum of an Avro schema in binary, which is given in Avro's JSON. */
  public static byte[] avro(String schema, String json) throws IOException {
    Schema parsed = new Schema.Parser().parse(schema);
    Object datum =
        new GenericDatumReader<>(parsed).read(null, DecoderFactory.get().jsonDecoder(parsed, json));
    return avro(parsed, datum);
  }

  /** A datum of an Avro schema in binary. */
  public static byte[] avro(Schema schema, Object datum) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
