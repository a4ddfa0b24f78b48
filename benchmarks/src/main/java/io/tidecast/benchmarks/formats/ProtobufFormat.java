package io.tidecast.benchmarks.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Messages of Protobuf after the id of their schema in a registry. */
final class ProtobufFormat implements RecordFormat {

  static final String SCHEMA =
      """
      syntax = "proto3";
      package example;
      message Reading { string meter = 1; int64 at = 2; double kw = 3; }
      """;

  private static final int LONGEST = 64;

  private final String registry;

  ProtobufFormat(String registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "protobuf-registry";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of(
        "source.format",
        "protobuf",
        "source.framing",
        "confluent",
        "source.subject",
        TwoSchemas.PROTOBUF_SUBJECT,
        "registry.url",
        registry,
        "source.mapping.series",
        "meter",
        "source.mapping.time",
        "at",
        "source.mapping.values",
        "kw");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    byte[] meter = sample.series().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(LONGEST + meter.length)
            .put((byte) 0)
            .putInt(TwoSchemas.PROTOBUF_ID)
            // The first message of the file.
            .put((byte) 0);
    bytes.put((byte) (1 << 3 | 2)).put((byte) meter.length).put(meter);
    bytes.put((byte) (2 << 3));
    for (long left = sample.timeMillis(); ; left >>>= 7) {
      if (left < 0x80) {
        bytes.put((byte) left);
        break;
      }
      bytes.put((byte) (left & 0x7F | 0x80));
    }
    bytes.put((byte) (3 << 3 | 1)).order(ByteOrder.LITTLE_ENDIAN).putDouble(sample.value());
    byte[] record = new byte[bytes.position()];
    bytes.flip().get(record);
    return new ProducerRecord<>(topic, record);
  }
}
