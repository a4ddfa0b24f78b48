package io.tidecast.benchmarks.formats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A batch of JSON, one element of which is asked for, with a number for its key. */
final class JsonBatchFormat implements RecordFormat {

  @Override
  public String name() {
    return "json-batch";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of(
        "source.format",
        "json",
        "source.key-type",
        "long",
        "source.mapping.each",
        "metrics",
        "source.mapping.where",
        Map.of("name", "load"),
        "source.mapping.series",
        List.of("tags.meter", "$key"),
        "source.mapping.time",
        "timestamp",
        "source.mapping.time-format",
        "epoch-seconds",
        "source.mapping.values",
        "fields.kw");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    String value =
        String.format(
            Locale.ROOT,
            "{\"metrics\":[{\"name\":\"mem\",\"fields\":{}},{\"name\":\"load\",\"tags\":{\"meter\":\"%s\"},\"fields\":{\"kw\":%s},\"timestamp\":%d}]}",
            sample.series(),
            sample.value(),
            sample.timeMillis() / 1000);
    return new ProducerRecord<>(
        topic,
        ByteBuffer.allocate(Long.BYTES).putLong(7).array(),
        value.getBytes(StandardCharsets.UTF_8));
  }
}
