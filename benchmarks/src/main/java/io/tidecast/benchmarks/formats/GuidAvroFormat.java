package io.tidecast.benchmarks.formats;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@link AvroFormat} with the GUID of their schema in a header. */
final class GuidAvroFormat implements RecordFormat {

  private final AvroFormat avro = new AvroFormat();
  private final RegistryAvroFormat framed;

  GuidAvroFormat(String registry) {
    this.framed = new RegistryAvroFormat(registry);
  }

  @Override
  public String name() {
    return "avro-guid";
  }

  @Override
  public Map<String, Object> keys() {
    return framed.keys();
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, avro.bytes(sample));
    UUID guid = TwoSchemas.GUID;
    record
        .headers()
        .add(
            "__value_schema_id",
            ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put((byte) 1)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array());
    return record;
  }
}
