package io.tidecast.benchmarks.formats;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** JSON objects, nested, with times of ISO 8601 and a name in the key. */
final class JsonFormat implements RecordFormat {

  @Override
  public String name() {
    return "json";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of(
        "source.format",
        "json",
        "source.mapping.series",
        List.of("$key"),
        "source.mapping.time",
        "at.t",
        "source.mapping.time-format",
        "iso-8601",
        "source.mapping.values",
        "readings[0].v");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    String value =
        String.format(
            Locale.ROOT,
            "{\"at\":{\"t\":\"%s\"},\"readings\":[{\"v\":%s,\"unit\":\"kW\"}]}",
            Instant.ofEpochMilli(sample.timeMillis()),
            sample.value());
    return new ProducerRecord<>(
        topic,
        sample.series().getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8));
  }
}
