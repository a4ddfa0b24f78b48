package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Contexts;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Observation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Series that report in turn, one observation per step each: a context's worth to start with, then
 * one forecast per observation.
 */
record Workload(ForecasterSpec spec, Duration step, int series, int forecastsPerSeries) {

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");

  long observations() {
    return (long) series * (spec.contextLength() - 1 + forecastsPerSeries);
  }

  long forecasts() {
    return (long) series * forecastsPerSeries;
  }

  /** Sends every observation and returns when the broker has them all. */
  void produce(String bootstrapServers, String topic) {
    AvroCodec<Observation> codec = AvroCodec.observations();
    int steps = spec.contextLength() - 1 + forecastsPerSeries;
    ForecasterSpec whole =
        new ForecasterSpec(
            spec.id(), spec.version(), steps, 1, spec.channels(), spec.quantileLevels());
    float[][] values = Contexts.of(whole, series);
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int time = 0; time < steps; time++) {
        Instant at = START.plus(step.multipliedBy(time));
        for (int i = 0; i < series; i++) {
          String name = "series-" + i;
          byte[] observation =
              codec.encode(new Observation(name, at, cell(values[i], time * spec.channels())));
          var unused =
              producer.send(
                  new ProducerRecord<>(topic, name.getBytes(StandardCharsets.UTF_8), observation),
                  (metadata, failure) -> {
                    if (failure != null) {
                      throw new IllegalStateException(failure);
                    }
                  });
        }
      }
    }
  }

  private List<Double> cell(float[] values, int start) {
    List<Double> cell = new ArrayList<>(spec.channels());
    for (int channel = 0; channel < spec.channels(); channel++) {
      cell.add((double) values[start + channel]);
    }
    return cell;
  }
}
