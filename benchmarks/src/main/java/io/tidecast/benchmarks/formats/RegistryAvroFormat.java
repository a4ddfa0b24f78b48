package io.tidecast.benchmarks.formats;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@link AvroFormat} after the id of their schema in a registry. */
final class RegistryAvroFormat implements RecordFormat {

  private final AvroFormat avro = new AvroFormat();
  private final String registry;

  RegistryAvroFormat(String registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "avro-registry";
  }

  @Override
  public Map<String, Object> keys() {
    Map<String, Object> keys = new HashMap<>(avro.keys());
    keys.put("source.avro-framing", "confluent");
    keys.put("registry.url", registry);
    return keys;
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    byte[] record = avro.bytes(sample);
    return new ProducerRecord<>(
        topic,
        ByteBuffer.allocate(1 + Integer.BYTES + record.length)
            .put((byte) 0)
            .putInt(TwoSchemas.ID)
            .put(record)
            .array());
  }
}
