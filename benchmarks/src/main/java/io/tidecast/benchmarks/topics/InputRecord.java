package io.tidecast.benchmarks.topics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Reads the records of a case, one a line. */
final class InputRecord {

  private static final ObjectMapper JSON = new ObjectMapper();

  private InputRecord() {}

  /** Makes a record of a line that is its value. */
  static ProducerRecord<byte[], byte[]> ofText(String topic, String line) {
    return new ProducerRecord<>(topic, line.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes a record of a line such as {@code {"key": "a", "value": {"v": 1}, "ts": 0}}. The key is
   * {@code key} or {@code keyHex}; the value is {@code value} (JSON), {@code text}, {@code hex} or
   * {@code "null": true}; {@code headers} maps names to text, or to {@code {"hex": …}}; {@code ts}
   * is Kafka's timestamp in milliseconds.
   */
  static ProducerRecord<byte[], byte[]> ofJson(String topic, String line) throws IOException {
    JsonNode record = JSON.readTree(line);
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            topic,
            record.has("partition") ? (Integer) record.get("partition").intValue() : null,
            record.has("ts") ? (Long) record.get("ts").longValue() : null,
            key(record),
            value(record));
    record
        .path("headers")
        .properties()
        .forEach(header -> made.headers().add(header.getKey(), bytes(header.getValue())));
    return made;
  }

  private static byte @Nullable [] key(JsonNode record) {
    if (record.has("keyHex")) {
      return HexFormat.of().parseHex(record.get("keyHex").textValue());
    }
    return record.has("key") ? bytes(record.get("key")) : null;
  }

  private static byte @Nullable [] value(JsonNode record) throws IOException {
    if (record.has("hex")) {
      return HexFormat.of().parseHex(record.get("hex").textValue());
    }
    if (record.has("text")) {
      return bytes(record.get("text"));
    }
    return record.has("value") ? JSON.writeValueAsBytes(record.get("value")) : null;
  }

  private static byte[] bytes(JsonNode node) {
    if (node.has("hex")) {
      return HexFormat.of().parseHex(node.get("hex").textValue());
    }
    String text = node.isTextual() ? node.textValue() : node.toString();
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
