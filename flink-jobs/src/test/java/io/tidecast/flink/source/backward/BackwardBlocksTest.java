package io.tidecast.flink.source.backward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions of records whose values have as many bytes as is said. */
class BackwardBlocksTest {

  private static final long PLENTY = 1 << 20;

  private final Log log = new Log();

  @Test
  void shouldTurnAPartitionRound() throws Exception {
    for (long offset = 0; offset < 5_000; offset++) {
      log.add(0, offset, 10);
    }
    assertThat(read(PLENTY, split(0, 0, 5_000)))
        .containsExactlyEntriesOf(Map.of(0, down(0, 4_999)));
    assertThat(read(PLENTY, split(0, 17, 4_000)))
        .as("no record of before the begin, and none of the end or later")
        .containsExactlyEntriesOf(Map.of(0, down(17, 3_999)));
  }

  /** Compacted records, those of aborted transactions, and the marks of transactions. */
  @ParameterizedTest
  @ValueSource(longs = {1, 3_000, PLENTY})
  void shouldGiveWhatThereIsWhateverABlockMayHold(long maxBytes) throws Exception {
    Random random = new Random(7);
    Map<Integer, List<Long>> expected = new TreeMap<>();
    for (int partition = 0; partition < 3; partition++) {
      List<Long> offsets = new ArrayList<>();
      for (long offset = 0; offset < 4_000; offset++) {
        boolean compacted = offset > 1_000 && offset < 3_500;
        if (!compacted && random.nextInt(4) > 0) {
          log.add(partition, offset, random.nextInt(2_000));
          offsets.add(offset);
        }
      }
      log.endsAt(partition, 4_010);
      Collections.reverse(offsets);
      expected.put(partition, offsets);
    }
    assertThat(read(maxBytes, split(0, 0, 4_010), split(1, 0, 4_010), split(2, 0, 4_010)))
        .isEqualTo(expected);
    assertThat(log.mostBytes)
        .as("of a block, with the one record that may be larger")
        .isLessThanOrEqualTo(maxBytes + 2_200);
  }

  @Test
  void shouldFinishWhatHasNoRecords() throws Exception {
    log.endsAt(0, 9_000);
    assertThat(read(PLENTY, split(0, 0, 9_000))).isEqualTo(Map.of(0, List.of()));
  }

  @Test
  void shouldGoOnWithWhatIsStillThereOfAPartitionThatIsBeingDeleted() throws Exception {
    for (long offset = 0; offset < 3_000; offset++) {
      log.add(0, offset, 10);
    }
    log.deleteBefore(0, 2_500);
    assertThat(read(PLENTY, split(0, 0, 3_000))).isEqualTo(Map.of(0, down(2_500, 2_999)));
    log.deleteBefore(0, 3_000);
    assertThat(read(PLENTY, split(0, 0, 3_000))).isEqualTo(Map.of(0, List.of()));
  }

  @Test
  void shouldGoOnWithABlockAfterItWasWokenUp() throws Exception {
    for (long offset = 0; offset < 100; offset++) {
      log.add(0, offset, 10);
    }
    BackwardBlocks blocks = new BackwardBlocks(log, PLENTY);
    blocks.handleSplitsChanges(new SplitsAddition<>(List.of(split(0, 0, 100))));
    log.wakeAfterPolls = 3;
    assertThat(offsets(blocks.fetch())).isEmpty();
    assertThat(offsets(blocks.fetch())).isEqualTo(Map.of(0, down(0, 99)));
  }

  private Map<Integer, List<Long>> read(long maxBytes, BackwardSplit... splits) throws Exception {
    BackwardBlocks blocks = new BackwardBlocks(log, maxBytes);
    blocks.handleSplitsChanges(new SplitsAddition<>(List.of(splits)));
    Map<Integer, List<Long>> all = new TreeMap<>();
    for (BackwardSplit split : splits) {
      all.put(split.partition(), new ArrayList<>());
    }
    int finished = 0;
    while (finished < splits.length) {
      RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetched = blocks.fetch();
      offsets(fetched).forEach((partition, offsets) -> all.get(partition).addAll(offsets));
      finished += fetched.finishedSplits().size();
    }
    return all;
  }

  private Map<Integer, List<Long>> offsets(
      RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetched) {
    Map<Integer, List<Long>> offsets = new HashMap<>();
    while (fetched.nextSplit() != null) {
      long bytes = 0;
      ConsumerRecord<byte[], byte[]> record = fetched.nextRecordFromSplit();
      while (record != null) {
        bytes += 200 + record.serializedValueSize();
        offsets.computeIfAbsent(record.partition(), none -> new ArrayList<>()).add(record.offset());
        record = fetched.nextRecordFromSplit();
      }
      log.mostBytes = Math.max(log.mostBytes, bytes);
    }
    return offsets;
  }

  private static BackwardSplit split(int partition, long begin, long end) {
    return new BackwardSplit("t", partition, begin, end);
  }

  private static List<Long> down(long to, long from) {
    List<Long> offsets = new ArrayList<>();
    for (long offset = from; offset >= to; offset--) {
      offsets.add(offset);
    }
    return offsets;
  }

  /** Has records that can be read again, a few with each poll, as a broker has. */
  private static final class Log extends MockConsumer<byte[], byte[]> {

    private static final int OF_A_POLL = 7;

    private final Map<TopicPartition, TreeMap<Long, ConsumerRecord<byte[], byte[]>>> records =
        new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private int wakeAfterPolls = -1;
    private long mostBytes;

    Log() {
      super("none");
    }

    void add(int partition, long offset, int bytes) {
      TopicPartition of = new TopicPartition("t", partition);
      records
          .computeIfAbsent(of, none -> new TreeMap<>())
          .put(
              offset,
              new ConsumerRecord<>(
                  "t",
                  partition,
                  offset,
                  0,
                  TimestampType.CREATE_TIME,
                  -1,
                  bytes,
                  null,
                  new byte[bytes],
                  new RecordHeaders(),
                  Optional.empty()));
      endsAt(partition, offset + 1);
    }

    /** What comes after the last record is no record. */
    void endsAt(int partition, long offset) {
      TopicPartition of = new TopicPartition("t", partition);
      ends.put(of, offset);
      records.computeIfAbsent(of, none -> new TreeMap<>());
      updateBeginningOffsets(Map.of(of, 0L));
    }

    void deleteBefore(int partition, long offset) {
      TopicPartition of = new TopicPartition("t", partition);
      records.get(of).headMap(offset).clear();
      updateBeginningOffsets(Map.of(of, offset));
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      if (wakeAfterPolls-- == 0) {
        wakeup();
      }
      TopicPartition of = assignment().iterator().next();
      var next = records.get(of).tailMap(position(of)).values().stream().limit(OF_A_POLL).toList();
      if (next.isEmpty()) {
        long first = beginningOffsets(List.of(of)).get(of);
        if (position(of) < first) {
          throw new OffsetOutOfRangeException(Map.of(of, position(of)));
        }
        seek(of, ends.get(of));
      }
      next.forEach(this::addRecord);
      return super.poll(timeout);
    }
  }
}
