package io.tidecast.flink.source.schema;

import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.schema.Frame;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.source.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads which schemas the first records of topics name. It commits no offset and joins no group.
 */
public final class FirstSchemas {

  private static final Duration POLL = Duration.ofMillis(200);

  /** So many records without a frame may come before the first that has one. */
  private static final int MOST_UNFRAMED = 1_000;

  private FirstSchemas() {}

  /**
   * Returns what the first framed record of each partition names. A partition without any is not
   * among them.
   *
   * @param patience for all of it
   * @throws org.apache.kafka.common.KafkaException if not all partitions could be read
   */
  public static Map<TopicPartition, SchemaRef> of(
      KafkaSettings kafka, Topics topics, Duration patience) {
    Map<String, Object> client = kafka.clientProperties(ClientKind.CONSUMER);
    client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    client.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    client.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    try (Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return of(consumer, topics, patience);
    }
  }

  static Map<TopicPartition, SchemaRef> of(
      Consumer<byte[], byte[]> consumer, Topics topics, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, SchemaRef> found =
        new TreeMap<>(
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    Set<TopicPartition> open = partitions(consumer, topics);
    Map<TopicPartition, Long> end = consumer.endOffsets(open);
    Map<TopicPartition, Integer> unframed = new HashMap<>();
    consumer.assign(open);
    consumer.seekToBeginning(open);
    while (true) {
      open.removeIf(
          one ->
              found.containsKey(one)
                  || unframed.getOrDefault(one, 0) >= MOST_UNFRAMED
                  || consumer.position(one) >= end.getOrDefault(one, 0L));
      if (open.isEmpty()) {
        return found;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("no answer within %ds".formatted(patience.toSeconds()));
      }
      consumer.assign(open);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
          if (record.value() != null) {
            Frame frame = Frame.of(record.value(), record.headers(), Frame.VALUE_HEADER);
            found.putIfAbsent(partition, frame.schema());
          }
        } catch (RefusedException e) {
          unframed.merge(partition, 1, Integer::sum);
        }
      }
    }
  }

  private static Set<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, Topics topics) {
    Collection<List<PartitionInfo>> all;
    if (topics.pattern() == null) {
      all = topics.names().stream().map(consumer::partitionsFor).toList();
    } else {
      Pattern pattern = Pattern.compile(topics.pattern());
      Map<String, List<PartitionInfo>> listed = new TreeMap<>(consumer.listTopics());
      listed.keySet().removeIf(topic -> !pattern.matcher(topic).matches());
      all = listed.values();
    }
    Set<TopicPartition> partitions = new HashSet<>();
    for (List<PartitionInfo> ofTopic : all) {
      if (ofTopic != null) {
        ofTopic.forEach(one -> partitions.add(new TopicPartition(one.topic(), one.partition())));
      }
    }
    return partitions;
  }
}
