package io.tidecast.flink.sink;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What the way from an observation to its forecast is tuned for, where a job file says no more. */
public enum Tuning {
  /** Few requests: a record waits a little for others that go the same way. */
  THROUGHPUT(20),
  /** A record waits for nothing. */
  LATENCY(0);

  /** Some 300 forecasts of 96 points; with Kafka's own 16 KB it would be 19. */
  private static final int BATCH_BYTES = 256 * 1024;

  private final int lingerMillis;

  Tuning(int lingerMillis) {
    this.lingerMillis = lingerMillis;
  }

  /** What producers are told under Kafka's own names, unless the job file tells them otherwise. */
  public Map<String, String> producerProperties() {
    return Map.of(
        ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(BATCH_BYTES),
        ProducerConfig.LINGER_MS_CONFIG, String.valueOf(lingerMillis));
  }
}
