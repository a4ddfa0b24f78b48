package io.tidecast.postgres;

import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.postgres.rows.RowMaker;
import io.tidecast.postgres.rows.Topics;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** Topics of one partition that nobody has, read by a consumer that takes them for Kafka's. */
final class TestTopics {

  static final List<String> ALL = List.of("cells", "forecasts", "scores", "anomalies", "events");

  final Map<String, String> ids = new HashMap<>();
  private final Map<String, List<byte[]>> written = new HashMap<>();

  TestTopics() {
    ALL.forEach(
        topic -> {
          written.put(topic, new ArrayList<>());
          ids.put(topic, topic + "-id");
        });
  }

  static Map<String, RowMaker> makers() {
    return Topics.makers(
        new Topics.Names("cells", "forecasts", null, "scores", "anomalies", "events"),
        new SinkSettings.Kafka(
            "forecasts", Delivery.EXACTLY_ONCE, "t", Duration.ofMinutes(1), LossPolicy.REPORT),
        GridStep.fixed(TestRecords.STEP));
  }

  TestTopics write(String topic, byte[]... values) {
    written.get(topic).addAll(List.of(values));
    return this;
  }

  /** A consumer that has the partitions at its first poll, and all records that are there. */
  MockConsumer<byte[], byte[]> consumer() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    Map<TopicPartition, Long> begin = new HashMap<>();
    ALL.forEach(topic -> begin.put(partition(topic), 0L));
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(begin.keySet());
          consumer.updateBeginningOffsets(begin);
          consumer.updateEndOffsets(ends());
          ALL.forEach(topic -> give(consumer, topic, 0));
        });
    return consumer;
  }

  /** Gives it what was written since. */
  void give(MockConsumer<byte[], byte[]> consumer, String topic, int from) {
    List<byte[]> values = written.get(topic);
    for (int i = from; i < values.size(); i++) {
      consumer.addRecord(new ConsumerRecord<>(topic, 0, i, null, values.get(i)));
    }
    consumer.updateEndOffsets(ends());
  }

  Map<TopicPartition, Long> ends() {
    Map<TopicPartition, Long> ends = new HashMap<>();
    ALL.forEach(topic -> ends.put(partition(topic), (long) written.get(topic).size()));
    return ends;
  }

  Set<String> names() {
    return Set.copyOf(ALL);
  }

  static TopicPartition partition(String topic) {
    return new TopicPartition(topic, 0);
  }
}
