package io.tidecast.benchmarks.pipeline;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Goes on with the observations of a workload where it ended, so many a second, the series in turn,
 * and remembers when the broker accepted each. One thread runs it; any may stop it, and ask when it
 * has ended.
 */
final class PacedFeed implements Runnable {

  private final Workload workload;
  private final WorkloadRecords records;
  private final String bootstrapServers;
  private final Pace pace;
  private final Times accepted = new Times();
  private volatile boolean stopped;
  private volatile int sent;

  /**
   * How much is sent.
   *
   * @param perSecond observations of all series together
   * @param count observations in all, unless it is stopped before
   */
  record Pace(double perSecond, int count) {

    /** For a feed that goes on until it is stopped. */
    static Pace endless(double perSecond) {
      return new Pace(perSecond, Integer.MAX_VALUE);
    }
  }

  PacedFeed(Workload workload, String topic, String bootstrapServers, Pace pace) {
    this.workload = workload;
    this.bootstrapServers = bootstrapServers;
    this.pace = pace;
    this.records = new WorkloadRecords(workload, topic, workload.steps());
  }

  @Override
  public void run() {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      long start = System.nanoTime();
      int first = first();
      for (int i = 0; i < pace.count() && !stopped; i++) {
        await(start + (long) (i / pace.perSecond() * 1e9));
        int series = i % workload.series();
        int number = workload.steps() + i / workload.series();
        int place = first + i;
        var unused =
            producer.send(
                records.record(series, number),
                (metadata, failure) -> {
                  if (failure == null) {
                    accepted.put(place, System.nanoTime());
                  }
                });
        sent = i + 1;
      }
    }
  }

  private static void await(long nanos) {
    long left;
    while ((left = nanos - System.nanoTime()) > 0) {
      LockSupport.parkNanos(left);
    }
  }

  /** Sends no more than what it has sent. */
  void stop() {
    stopped = true;
  }

  /** How many observations it has sent. */
  int sent() {
    return sent;
  }

  /** The {@link WorkloadRecords#place place} of its first observation. */
  int first() {
    return Math.toIntExact(workload.observations());
  }

  /** When the broker accepted what it has, by place. */
  Times accepted() {
    return accepted;
  }
}
