package io.tidecast.benchmarks.pipeline;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts the records of a topic as they are written, committed or not: commits come in bursts, and
 * what a process has taken of the processors belongs to what it has written. The marks of commits
 * count too, one a partition and commit. One thread.
 */
final class WrittenRecords implements AutoCloseable {

  private final Consumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  WrittenRecords(String bootstrapServers, String topic) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
  }

  long count() {
    return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
