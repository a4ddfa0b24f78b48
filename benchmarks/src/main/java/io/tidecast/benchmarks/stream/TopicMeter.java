package io.tidecast.benchmarks.stream;

import static java.util.Objects.requireNonNull;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.benchmarks.process.ProcessorTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Times how a topic of one partition grows, by asking where it ends: nothing is read. */
final class TopicMeter implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition topic;
  private ProcessorTime.@Nullable Used used;
  private long counted;

  TopicMeter(String bootstrapServers, String topic) {
    this.topic = new TopicPartition(topic, 0);
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Records written to the topic, those of open transactions as well. */
  long count() {
    return requireNonNull(consumer.endOffsets(List.of(topic)).get(topic), topic::toString);
  }

  /**
   * Waits for the last record.
   *
   * @param warm records after which the clock starts
   * @param check throws if the job has failed
   * @return the speed from then on; processor time is that of this whole JVM, broker included and
   *     compilers left out
   */
  Speed await(long warm, long expected, Runnable check) throws InterruptedException, IOException {
    Mark start = null;
    ProcessorTime before = null;
    Mark latest = mark();
    while (latest.count() < expected) {
      Thread.sleep(POLL.toMillis());
      check.run();
      Mark mark = mark();
      if (mark.count() > latest.count()) {
        latest = mark;
      } else if (mark.nanos() - latest.nanos() > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "must arrive in %s: expected=%d found=%d".formatted(topic, expected, mark.count()));
      }
      if (start == null && mark.count() >= warm) {
        start = mark;
        before = ProcessorTime.ofThisProcess();
      }
    }
    if (start == null || before == null || start.count() >= expected || latest.count() > expected) {
      throw new IllegalStateException(
          "must grow from %d to %d over more than one look: found=%d in %s"
              .formatted(warm, expected, latest.count(), topic));
    }
    used = ProcessorTime.ofThisProcess().since(before);
    counted = latest.count() - start.count();
    return Speed.of(counted, latest.nanos() - start.nanos(), used.withoutJitNanos());
  }

  /** What each kind of thread took for a record, of those that were timed; microseconds. */
  Map<String, Double> threads() {
    return requireNonNull(used, "nothing was timed yet").microsByName(counted);
  }

  private Mark mark() {
    return new Mark(count(), System.nanoTime());
  }

  private record Mark(long count, long nanos) {}

  @Override
  public void close() {
    consumer.close();
  }
}
