package io.tidecast.benchmarks.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what a job has committed, from the beginning, as any plain {@code read_committed} consumer
 * does, and keeps it until it is taken. One thread.
 */
final class CommittedForecasts implements AutoCloseable {

  private static final int FETCH_BYTES = 64 << 20;

  private final String topic;
  private final Consumer<byte[], byte[]> consumer;
  private List<byte[]> values = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> first = new ArrayList<>();
  private final int kept;
  private long count;

  /**
   * @param topics that of the forecasts, and others in which nothing may be
   * @param kept so many records are kept whole, for {@link #first}
   */
  CommittedForecasts(String bootstrapServers, List<String> topics, int kept) {
    this.topic = topics.get(0);
    this.kept = kept;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "max.poll.records",
                100_000,
                "max.partition.fetch.bytes",
                FETCH_BYTES,
                "fetch.max.bytes",
                FETCH_BYTES),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(name -> consumer.partitionsFor(name).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Reads what is there, or waits for something that long.
   *
   * @return how many there are by now
   */
  long read(Duration patience) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
      if (!record.topic().equals(topic)) {
        throw new IllegalStateException(
            "nothing may be rejected: topic=%s, offset=%d"
                .formatted(record.topic(), record.offset()));
      }
      values.add(record.value());
      count++;
      if (first.size() < kept) {
        first.add(record);
      }
    }
    return count;
  }

  long count() {
    return count;
  }

  /** The first records, whole. */
  List<ConsumerRecord<byte[], byte[]>> first() {
    return Collections.unmodifiableList(first);
  }

  /** Gives the values of the records since it was called last, and keeps them no longer. */
  List<byte[]> take() {
    List<byte[]> taken = values;
    values = new ArrayList<>();
    return taken;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
