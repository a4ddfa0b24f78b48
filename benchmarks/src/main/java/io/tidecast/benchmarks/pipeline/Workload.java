package io.tidecast.benchmarks.pipeline;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Series that report in turn, one observation per step each: a context's worth to start with, then
 * one forecast per observation.
 */
record Workload(ForecasterSpec spec, Duration step, int series, int forecastsPerSeries) {

  private static final Duration ANY_STEP = Duration.ofMinutes(30);

  /** For a model, whose step it has. */
  static Workload of(ModelManifest model, int series, int forecastsPerSeries) {
    Duration step = model.fixedStep().orElse(ANY_STEP);
    return new Workload(model.spec(), step, series, forecastsPerSeries);
  }

  /** Observations of a series. */
  int steps() {
    return spec.contextLength() - 1 + forecastsPerSeries;
  }

  long observations() {
    return (long) series * steps();
  }

  long forecasts() {
    return (long) series * forecastsPerSeries;
  }

  /** Sends every observation and returns when the broker has them all. */
  void produce(String bootstrapServers, String topic) {
    WorkloadRecords records = new WorkloadRecords(this, topic, steps());
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int number = 0; number < steps(); number++) {
        for (int i = 0; i < series; i++) {
          var unused =
              producer.send(
                  records.record(i, number),
                  (metadata, failure) -> {
                    if (failure != null) {
                      throw new IllegalStateException(failure);
                    }
                  });
        }
      }
    }
  }
}
