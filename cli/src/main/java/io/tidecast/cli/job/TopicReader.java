package io.tidecast.cli.job;

import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads committed records of some partitions without a group, so that no offset is committed and no
 * other reader notices. One thread.
 */
public final class TopicReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  /**
   * Takes a consumer that it closes.
   *
   * @param partitions that are read
   */
  TopicReader(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
      Collection<TopicPartition> partitions) {
    this.consumer = consumer;
    this.partitions = List.copyOf(partitions);
  }

  /**
   * Opens a reader of some partitions.
   *
   * @param patience for each answer of Kafka's
   */
  public static TopicReader of(
      KafkaSettings kafka, Collection<TopicPartition> partitions, Duration patience) {
    return new TopicReader(consumer(kafka, patience), partitions);
  }

  /**
   * Opens a reader of all partitions of a topic; it has none where there is no such topic.
   *
   * @param patience for each answer of Kafka's
   */
  public static TopicReader of(KafkaSettings kafka, String topic, Duration patience) {
    return ofTopics(kafka, List.of(topic), patience);
  }

  /**
   * Opens a reader of all partitions of those topics that there are.
   *
   * @param patience for each answer of Kafka's
   */
  public static TopicReader ofTopics(KafkaSettings kafka, List<String> topics, Duration patience) {
    KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, patience);
    boolean opened = false;
    try {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : topics) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found != null) {
          found.forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
        }
      }
      opened = true;
      return new TopicReader(consumer, partitions);
    } finally {
      if (!opened) {
        consumer.close();
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, Duration patience) {
    Map<String, Object> client = kafka.clientProperties(ClientKind.CONSUMER);
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    return new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The partitions that are read. */
  public List<TopicPartition> partitions() {
    return partitions;
  }

  /** Where each partition begins. */
  public Map<TopicPartition, Long> begin() {
    return consumer.beginningOffsets(partitions);
  }

  /** Where what is committed of each partition ends now. */
  public Map<TopicPartition, Long> end() {
    return consumer.endOffsets(partitions);
  }

  /**
   * Hands on records, those of a partition in order.
   *
   * @param from where to begin, for each partition that is to be read
   * @param to where to end
   * @param most records of each partition
   * @param deadlineNanos after which it ends
   * @return whether it came to the end in time
   */
  public boolean read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      int most,
      long deadlineNanos,
      Consumer<ConsumerRecord<byte[], byte[]>> out) {
    Map<TopicPartition, Integer> counts = new HashMap<>();
    begin(from);
    while (true) {
      Set<TopicPartition> open = new HashSet<>(consumer.assignment());
      open.removeAll(consumer.paused());
      for (TopicPartition one : open) {
        if (counts.getOrDefault(one, 0) >= most || consumer.position(one) >= at(to, one)) {
          consumer.pause(Set.of(one));
        }
      }
      if (consumer.paused().size() == consumer.assignment().size()) {
        return true;
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        return false;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean wanted =
            record.offset() < at(to, partition) && counts.getOrDefault(partition, 0) < most;
        if (wanted) {
          counts.merge(partition, 1, Integer::sum);
          out.accept(record);
        }
      }
    }
  }

  /** Goes on after these offsets, for {@link #next}. */
  public void follow(Map<TopicPartition, Long> after) {
    begin(after);
  }

  private void begin(Map<TopicPartition, Long> at) {
    consumer.assign(at.keySet());
    // Those that were paused stay so when they are assigned again.
    consumer.resume(consumer.paused());
    at.forEach(consumer::seek);
  }

  /** Whether all that is followed was read up to there. */
  public boolean isPast(Map<TopicPartition, Long> ends) {
    return consumer.assignment().stream().allMatch(one -> consumer.position(one) >= at(ends, one));
  }

  /** What has come since, waiting a moment for it. */
  public ConsumerRecords<byte[], byte[]> next() {
    return consumer.poll(POLL);
  }

  private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
