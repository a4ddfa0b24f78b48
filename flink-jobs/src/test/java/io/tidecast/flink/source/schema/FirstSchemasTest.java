package io.tidecast.flink.source.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.registry.SchemaRef;
import io.tidecast.flink.source.Topics;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class FirstSchemasTest {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());

  @Test
  void shouldReadWhatTheFirstFramedRecordOfEachPartitionNames() {
    topic("t", 3);
    UUID guid = UUID.fromString("00000000-0000-0001-0000-000000000002");
    ByteBuffer header = ByteBuffer.allocate(17).put((byte) 1).putLong(1).putLong(2);
    ends(Map.of(0, 4L, 1, 1L, 2, 0L));
    add(0, 0, null, null);
    add(0, 1, new byte[] {'{', '}', 1, 2, 3, 4}, null);
    add(0, 2, new byte[] {0, 0, 0, 1, 2, 9}, null);
    add(0, 3, new byte[] {0, 0, 0, 0, 7, 9}, null);
    add(1, 0, new byte[] {9}, header.array());

    assertThat(FirstSchemas.of(consumer, Topics.of("t"), PATIENCE))
        .isEqualTo(
            Map.of(
                new TopicPartition("t", 0), new SchemaRef.Id(258),
                new TopicPartition("t", 1), new SchemaRef.Guid(guid)));
  }

  @Test
  void shouldFindTheTopicsOfAPattern() {
    topic("meters-a", 1);
    topic("others", 1);
    TopicPartition partition = new TopicPartition("meters-a", 0);
    consumer.updateBeginningOffsets(Map.of(partition, 5L));
    consumer.updateEndOffsets(Map.of(partition, 5L));

    assertThat(FirstSchemas.of(consumer, new Topics(List.of(), "meters-.*"), PATIENCE)).isEmpty();
    assertThat(consumer.position(partition)).isEqualTo(5);
  }

  @Test
  void shouldFindNothingWhereThereIsNoTopic() {
    assertThat(FirstSchemas.of(consumer, Topics.of("t"), PATIENCE)).isEmpty();
  }

  /** What one partition names says nothing of another that could not be read. */
  @Test
  void shouldFailWhereAPartitionDoesNotAnswer() {
    topic("t", 2);
    ends(Map.of(0, 1L, 1, 1L));
    add(0, 0, new byte[] {0, 0, 0, 0, 7, 9}, null);

    assertThatThrownBy(() -> FirstSchemas.of(consumer, Topics.of("t"), Duration.ofMillis(1)))
        .isInstanceOf(TimeoutException.class);
  }

  private void topic(String topic, int partitions) {
    consumer.updatePartitions(
        topic,
        IntStream.range(0, partitions)
            .mapToObj(i -> new PartitionInfo(topic, i, null, null, null))
            .toList());
  }

  private void ends(Map<Integer, Long> ends) {
    ends.forEach(
        (partition, end) -> {
          consumer.updateBeginningOffsets(Map.of(new TopicPartition("t", partition), 0L));
          consumer.updateEndOffsets(Map.of(new TopicPartition("t", partition), end));
        });
  }

  private void add(int partition, long offset, byte[] value, byte[] header) {
    RecordHeaders headers = new RecordHeaders();
    if (header != null) {
      headers.add("__value_schema_id", header);
    }
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "t",
            partition,
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            value,
            headers,
            Optional.empty());
    consumer.schedulePollTask(
        () -> {
          // What a partition has is not read on once it has named a schema.
          if (consumer.assignment().contains(new TopicPartition("t", partition))) {
            consumer.addRecord(record);
          }
        });
  }
}
