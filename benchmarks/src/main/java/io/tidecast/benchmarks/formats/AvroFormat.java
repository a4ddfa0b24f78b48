package io.tidecast.benchmarks.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Avro records of a schema of somebody's own, with nothing before them. */
final class AvroFormat implements RecordFormat {

  static final String SCHEMA =
      """
      {"type": "record", "name": "Reading", "namespace": "example", "fields": [
        {"name": "meter", "type": "string"},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "tags", "type": {"type": "map", "values": "string"}, "default": {}},
        {"name": "kw", "type": ["null", "double"]}]}
      """;

  private final Schema schema = new Schema.Parser().parse(SCHEMA);
  private final GenericDatumWriter<GenericRecord> writer = new GenericDatumWriter<>(schema);

  @Override
  public String name() {
    return "avro";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of(
        "source.format",
        "avro",
        "source.avro-schema",
        SCHEMA,
        "source.mapping.series",
        "meter",
        "source.mapping.time",
        "at",
        "source.mapping.values",
        "kw");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    return new ProducerRecord<>(topic, bytes(sample));
  }

  /** Returns the record alone. */
  byte[] bytes(Sample sample) {
    GenericRecord record = new GenericData.Record(schema);
    record.put("meter", sample.series());
    record.put("at", sample.timeMillis());
    record.put("tags", Map.of("site", "north"));
    record.put("kw", sample.value());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      writer.write(record, encoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
