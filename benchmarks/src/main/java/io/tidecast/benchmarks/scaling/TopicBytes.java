package io.tidecast.benchmarks.scaling;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the records of a topic of one partition take.
 *
 * @param ofARecord key, value and headers; the mean of the first some thousand
 * @param onDisk of a record, with all that Kafka writes around it; the mean of all
 */
record TopicBytes(double ofARecord, double onDisk) {

  private static final int ENOUGH = 5_000;
  private static final Duration POLL = Duration.ofSeconds(1);

  static TopicBytes of(String bootstrapServers, String topic)
      throws ExecutionException, InterruptedException {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Consumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
      long bytes = 0;
      long count = 0;
      while (count < Math.min(ENOUGH, end)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          bytes += bytes(record);
          count++;
        }
      }
      return new TopicBytes((double) bytes / count, (double) logBytes(admin, partition) / end);
    }
  }

  private static long logBytes(Admin admin, TopicPartition partition)
      throws ExecutionException, InterruptedException {
    int broker = admin.describeCluster().nodes().get().iterator().next().id();
    long bytes = 0;
    for (LogDirDescription folder :
        requireNonNull(admin.describeLogDirs(List.of(broker)).allDescriptions().get().get(broker))
            .values()) {
      bytes += requireNonNull(folder.replicaInfos().get(partition)).size();
    }
    return bytes;
  }

  private static long bytes(ConsumerRecord<byte[], byte[]> record) {
    long bytes = Math.max(0L, record.serializedKeySize()) + record.serializedValueSize();
    for (Header header : record.headers()) {
      bytes += (long) header.key().length() + header.value().length;
    }
    return bytes;
  }
}
