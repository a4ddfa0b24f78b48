package io.tidecast.benchmarks.ledger;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a job has committed, as any {@code read_committed} consumer does, into a ledger. One
 * thread.
 */
public final class Answers implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;
  private final List<String> topics;
  private final Ledger ledger;
  private final AvroCodec<Forecast> forecasts = AvroCodec.forecasts();
  private final AvroCodec<DeadLetter> deadLetters = AvroCodec.deadLetters();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private @Nullable Consumer<byte[], byte[]> reader;

  /**
   * @param topics of the forecasts and of the dead letters, in this order
   */
  public Answers(String bootstrapServers, List<String> topics, Ledger ledger) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.ledger = ledger;
  }

  /**
   * Reads on as far as there is something committed.
   *
   * @return how many records there were; none while the broker is away
   */
  public long read() {
    long count = 0;
    try {
      Consumer<byte[], byte[]> consumer = reader();
      Map<TopicPartition, Long> ends = ends(consumer);
      if (!consumer.assignment().equals(ends.keySet())) {
        consumer.assign(ends.keySet());
        ends.keySet().forEach(one -> consumer.seek(one, positions.getOrDefault(one, 0L)));
      }
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (ends.entrySet().stream()
              .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
          && System.nanoTime() - deadline < 0) {
        for (ConsumerRecord<byte[], byte[]> answer : consumer.poll(POLL)) {
          take(answer);
          count++;
        }
        ends.keySet().forEach(one -> positions.put(one, consumer.position(one)));
      }
    } catch (KafkaException e) {
      // The broker is away, or a topic is; what was read is counted.
      close();
      return count;
    }
    return count;
  }

  private Consumer<byte[], byte[]> reader() {
    Consumer<byte[], byte[]> there = reader;
    if (there == null) {
      there = consumer("read_committed");
      reader = there;
    }
    return there;
  }

  /** Ends the connection; a later reading makes another. */
  @Override
  public void close() {
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /** The first cell that not every series has a forecast from. */
  public int answered() {
    return ledger.answered();
  }

  /** Reads a topic from its beginning, which was made anew. */
  public void forget(String topic) {
    close();
    positions.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  /** How many records of transactions that are still open hide what comes after them. */
  public long hidden() {
    try (Consumer<byte[], byte[]> committed = consumer("read_committed");
        Consumer<byte[], byte[]> all = consumer("read_uncommitted")) {
      Map<TopicPartition, Long> stable = ends(committed);
      return ends(all).entrySet().stream()
          .mapToLong(end -> end.getValue() - stable.getOrDefault(end.getKey(), 0L))
          .sum();
    }
  }

  /** How many records a topic has, transactions not minded. */
  public long size(String topic) {
    try (Consumer<byte[], byte[]> consumer = consumer("read_uncommitted")) {
      return consumer.endOffsets(partitions(consumer, topic)).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions = new ArrayList<>();
    topics.forEach(topic -> partitions.addAll(partitions(consumer, topic)));
    return consumer.endOffsets(partitions);
  }

  private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (PartitionInfo info : consumer.partitionsFor(topic)) {
      partitions.add(new TopicPartition(topic, info.partition()));
    }
    return partitions;
  }

  private void take(ConsumerRecord<byte[], byte[]> answer) {
    try {
      if (answer.topic().equals(topics.get(0))) {
        ledger.take(forecasts.decode(answer.value()));
      } else {
        ledger.take(deadLetters.decode(answer.value()));
      }
    } catch (CodecException e) {
      ledger.takeUnreadable();
    }
  }

  /**
   * Holds what was read against what is owed.
   *
   * @param cells that every series was sent
   * @param unreadable records that each must have a dead letter
   */
  public Account account(int cells, Set<Feed.Place> unreadable) {
    return ledger.account(cells, unreadable);
  }

  private Consumer<byte[], byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            isolation,
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false,
            "auto.offset.reset",
            "earliest",
            "default.api.timeout.ms",
            5_000,
            "max.poll.records",
            10_000,
            "max.partition.fetch.bytes",
            16 << 20),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
