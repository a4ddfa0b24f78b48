package io.tidecast.benchmarks.pipeline;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Goes on with the observations of a workload where it ended, so many a second, the series in turn,
 * and remembers when the broker accepted each. One thread runs it, any may ask.
 */
final class PacedFeed implements Runnable {

  private final Workload workload;
  private final WorkloadRecords records;
  private final String bootstrapServers;
  private final Pace pace;
  private final Map<Origin, Long> accepted = new ConcurrentHashMap<>();

  /**
   * How much is sent.
   *
   * @param perSecond observations of all series together
   * @param count observations in all
   */
  record Pace(double perSecond, int count) {}

  /** An observation, and the forecast that it is the last of. */
  record Origin(String series, long millis) {}

  PacedFeed(Workload workload, String topic, String bootstrapServers, Pace pace) {
    this.workload = workload;
    this.bootstrapServers = bootstrapServers;
    this.pace = pace;
    int more = (pace.count() + workload.series() - 1) / workload.series();
    this.records = new WorkloadRecords(workload, topic, workload.steps() + more);
  }

  @Override
  public void run() {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long start = System.nanoTime();
      for (int i = 0; i < pace.count(); i++) {
        await(start + (long) (i / pace.perSecond() * 1e9));
        int series = i % workload.series();
        int number = workload.steps() + i / workload.series();
        Origin origin = new Origin(WorkloadRecords.name(series), records.at(number).toEpochMilli());
        var unused =
            producer.send(
                records.record(series, number),
                (metadata, failure) -> {
                  if (failure == null) {
                    accepted.put(origin, System.nanoTime());
                  }
                });
      }
    }
  }

  private static void await(long nanos) {
    long left;
    while ((left = nanos - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** When the broker accepted what it has, as {@link System#nanoTime} counts. */
  Map<Origin, Long> accepted() {
    return new HashMap<>(accepted);
  }
}
