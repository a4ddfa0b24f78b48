package io.tidecast.flink.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.testing.Samples;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer.PartitionOffsetsRetriever;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CommandOffsetsTest {

  private static final TopicPartition FIRST = new TopicPartition("model-commands", 0);
  private static final TopicPartition SECOND = new TopicPartition("model-commands", 1);

  /** Eight records in the first partition, one a second, the last of now; four in the second. */
  private static final PartitionOffsetsRetriever KAFKA =
      new PartitionOffsetsRetriever() {
        @Override
        public Map<TopicPartition, Long> committedOffsets(Collection<TopicPartition> partitions) {
          return Map.of(FIRST, 2L, SECOND, 2L);
        }

        @Override
        public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
          return Map.of(FIRST, 8L, SECOND, 4L);
        }

        @Override
        public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
          return Map.of(FIRST, 0L, SECOND, 0L);
        }

        @Override
        public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times) {
          Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
          times.forEach(
              (partition, millis) -> {
                long offset = 7 - Math.floorDiv(Samples.NOW - millis, 1_000L);
                if (partition.equals(FIRST) && offset < 8) {
                  found.put(partition, new OffsetAndTimestamp(offset, millis));
                }
              });
          return found;
        }
      };

  @Test
  void shouldBeginWithWhatWasSentSinceTheJobWasSubmitted() {
    assertThat(offsets(Samples.NOW - 2_000)).containsEntry(FIRST, 5L);
  }

  @Test
  void shouldBeginAtTheEndWhereNothingWas() {
    assertThat(offsets(Samples.NOW + 5_000)).containsEntry(FIRST, 8L);
    assertThat(offsets(Samples.NOW - 2_000)).containsEntry(SECOND, 4L);
  }

  @Test
  void shouldGoOnWhereKafkaHasDeletedTheNextCommands() {
    assertThat(new CommandOffsets("model-commands", 0).getAutoOffsetResetStrategy())
        .hasToString("earliest");
  }

  private static Map<TopicPartition, Long> offsets(long sinceMillis) {
    return new CommandOffsets("model-commands", sinceMillis)
        .getPartitionOffsets(List.of(FIRST, SECOND), KAFKA);
  }
}
