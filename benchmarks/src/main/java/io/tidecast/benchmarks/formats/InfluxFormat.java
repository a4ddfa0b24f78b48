package io.tidecast.benchmarks.formats;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A line of InfluxDB's line protocol. */
final class InfluxFormat implements RecordFormat {

  private static final long NANOS = 1_000_000;

  @Override
  public String name() {
    return "influx";
  }

  @Override
  public Map<String, Object> keys() {
    return Map.of(
        "source.format",
        "influx",
        "source.mapping.series",
        "meter",
        "source.mapping.time",
        "time",
        "source.mapping.values",
        "kw");
  }

  @Override
  public ProducerRecord<byte[], byte[]> record(String topic, Sample sample) {
    String line =
        String.format(
            Locale.ROOT,
            "load,meter=%s,site=north kw=%s,state=\"on\" %d",
            sample.series(),
            sample.value(),
            sample.timeMillis() * NANOS);
    return new ProducerRecord<>(topic, line.getBytes(StandardCharsets.UTF_8));
  }
}
