package io.tidecast.flink.read;

import io.tidecast.flink.format.avro.AvroSchemas;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.registry.SchemaRegistry;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads Avro's binary encoding, with the schema of today, or with the one that each record names in
 * a registry. One thread.
 */
final class AvroDecoder<T extends SpecificRecordBase> implements RecordDecoder<T> {

  /** With them before it, a bare record is a single object. */
  private record Known(byte[] header) {
    static Known of(Schema schema) {
      return new Known(
          ByteBuffer.allocate(10)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put((byte) 0xC3)
              .put((byte) 0x01)
              .putLong(SchemaNormalization.parsingFingerprint64(schema))
              .array());
    }
  }

  private final RecordType<T> type;
  private final @Nullable SchemaRegistry registry;
  private final Known own;
  private final Map<SchemaRef, Known> known = new HashMap<>();
  private AvroCodec<T> codec;

  /**
   * @param registry that has the schemas; null where records do not name them
   */
  AvroDecoder(RecordType<T> type, @Nullable SchemaRegistry registry) {
    this.type = type;
    this.registry = registry;
    this.codec = type.codec();
    this.own = Known.of(type.schema());
  }

  @Override
  public T decode(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = RecordDecoders.value(record);
    if (registry == null) {
      return read(own, value);
    }
    Framed framed = Framed.of(value, SchemaKind.AVRO, registry);
    Known with = known.get(framed.ref());
    if (with == null) {
      with = learn(framed);
      known.put(framed.ref(), with);
    }
    return read(with, framed.rest());
  }

  private Known learn(Framed framed) {
    Schema written = AvroSchemas.parse(framed.schema());
    // Names tell records apart: fields of another one may look the same.
    if (!written.getFullName().equals(type.schema().getFullName())) {
      throw new IllegalArgumentException(
          "schema of the record must be %s: %s is %s"
              .formatted(type.schema().getFullName(), framed.ref(), written.getFullName()));
    }
    try {
      codec = codec.alsoReading(written);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "schema of the record must be one that %s.avsc can read: %s"
              .formatted(type.schema().getName(), framed.ref()),
          e);
    }
    return Known.of(written);
  }

  private T read(Known with, byte[] bare) {
    byte[] whole =
        ByteBuffer.allocate(with.header().length + bare.length)
            .put(with.header())
            .put(bare)
            .array();
    try {
      return codec.decode(whole);
    } catch (CodecException e) {
      throw new IllegalArgumentException(
          "value must be a whole record of %s.avsc%s: %d bytes"
              .formatted(
                  type.schema().getName(),
                  registry == null ? " without a frame, as sink.framing=none says" : "",
                  bare.length),
          e);
    }
  }
}
