package io.tidecast.cli.check;

import io.tidecast.cli.job.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The first and the newest records of some partitions.
 *
 * @param runs of records that follow each other in a partition
 * @param available records that there are, by their offsets
 * @param complete whether there was time for all of them
 */
record TopicSample(
    List<List<ConsumerRecord<byte[], byte[]>>> runs, long available, boolean complete) {

  /**
   * Reads them.
   *
   * @param each records of a partition, from its beginning and again before its end
   * @param patience for all of it
   * @throws org.apache.kafka.common.KafkaException if they cannot be read
   */
  static TopicSample read(TopicReader reader, int each, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, Long> begin = reader.begin();
    Map<TopicPartition, Long> end = reader.end();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> first = new LinkedHashMap<>();
    boolean complete = reader.read(begin, end, each, deadline, into(first));
    Map<TopicPartition, Long> next = new LinkedHashMap<>();
    first.forEach(
        (partition, records) -> {
          long after = records.get(records.size() - 1).offset() + 1;
          long last = end.getOrDefault(partition, 0L);
          if (records.size() == each && after < last) {
            next.put(partition, Math.max(after, last - each));
          }
        });
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> newest = new LinkedHashMap<>();
    if (complete && !next.isEmpty()) {
      complete = reader.read(next, end, each, deadline, into(newest));
    }
    List<List<ConsumerRecord<byte[], byte[]>>> runs = new ArrayList<>(first.values());
    runs.addAll(newest.values());
    long available =
        end.entrySet().stream()
            .mapToLong(one -> one.getValue() - begin.getOrDefault(one.getKey(), 0L))
            .sum();
    return new TopicSample(runs, available, complete);
  }

  private static Consumer<ConsumerRecord<byte[], byte[]>> into(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records) {
    return record ->
        records
            .computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), none -> new ArrayList<>())
            .add(record);
  }
}
