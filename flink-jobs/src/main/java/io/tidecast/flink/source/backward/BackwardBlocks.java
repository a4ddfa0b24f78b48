package io.tidecast.flink.source.backward;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads partitions backwards: a block of offsets before the end, forwards as Kafka gives them, then
 * turned round; then the block before that. The partitions take turns, a block each.
 *
 * <p>A block is over when the consumer stands behind it, whatever is missing in it: compacted
 * records, aborted ones, marks of transactions. What an open transaction has written is waited for.
 * A block that has more bytes than may be held keeps its newest records, and the next one begins
 * before those. Which records come, and in which order, does not depend on the size of blocks.
 *
 * <p>The thread of the fetcher, but for {@link #wakeUp}.
 */
final class BackwardBlocks implements SplitReader<ConsumerRecord<byte[], byte[]>, BackwardSplit> {

  private static final Logger LOG = LoggerFactory.getLogger(BackwardBlocks.class);

  private static final long FIRST_OFFSETS = 1_024;
  private static final long MOST_OFFSETS = 1 << 20;
  private static final Duration POLL = Duration.ofSeconds(1);

  /** What a record takes beside its bytes. */
  private static final int OVERHEAD_BYTES = 200;

  private final Consumer<byte[], byte[]> consumer;
  private final long maxBytes;
  private final Deque<Backward> turns = new ArrayDeque<>();
  private @Nullable Block block;

  /** A partition, as far as it is still to be read. */
  private static final class Backward {

    private BackwardSplit left;
    private long offsets = FIRST_OFFSETS;

    Backward(BackwardSplit left) {
      this.left = left;
    }
  }

  /** What there is of the block that is being read. */
  private static final class Block {

    private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();

    /** The first offset that it stands for. */
    private long from;

    private long bytes;

    Block(long from) {
      this.from = from;
    }
  }

  /**
   * @param maxBytes that a block may take; one record may be larger
   */
  BackwardBlocks(Consumer<byte[], byte[]> consumer, long maxBytes) {
    this.consumer = consumer;
    this.maxBytes = maxBytes;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<BackwardSplit> change) {
    if (!(change instanceof SplitsAddition<BackwardSplit>)) {
      throw new UnsupportedOperationException("partitions are only added: " + change);
    }
    change.splits().forEach(split -> turns.add(new Backward(split)));
  }

  @Override
  public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
    RecordsBySplits.Builder<ConsumerRecord<byte[], byte[]>> fetched =
        new RecordsBySplits.Builder<>();
    Backward turn = turns.peek();
    if (turn == null) {
      return fetched.build();
    }
    Block read;
    try {
      read = read(turn);
    } catch (WakeupException e) {
      // Somebody has something to say; the block goes on when it is said.
      return fetched.build();
    }
    turns.remove();
    fetched.addAll(turn.left, backwards(read));
    turn.left = turn.left.upTo(Math.max(read.from, turn.left.begin()));
    block = null;
    if (turn.left.begin() < turn.left.end()) {
      turns.add(turn);
    } else {
      fetched.addFinishedSplit(turn.left.splitId());
    }
    return fetched.build();
  }

  /** Reads the block at the end of a partition, or goes on reading it. */
  private Block read(Backward turn) {
    BackwardSplit left = turn.left;
    TopicPartition partition = left.topicPartition();
    if (block == null) {
      long from = Math.max(left.begin(), left.end() - turn.offsets);
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      block = new Block(from);
    }
    Block current = requireNonNull(block, "block is null");
    boolean isWhole = true;
    while (consumer.position(partition) < left.end()) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
          isWhole &= add(record, left, current);
        }
      } catch (OffsetOutOfRangeException e) {
        skipTheDeleted(left, current);
      }
    }
    if (!isWhole) {
      turn.offsets = Math.max(1, turn.offsets / 2);
    } else if (current.bytes < maxBytes / 4) {
      turn.offsets = Math.min(MOST_OFFSETS, turn.offsets * 2);
    }
    return current;
  }

  /** Returns whether the block has room for all of its records. */
  private boolean add(ConsumerRecord<byte[], byte[]> record, BackwardSplit left, Block current) {
    if (record.offset() >= left.end()) {
      return true;
    }
    current.records.addLast(record);
    current.bytes += bytes(record);
    boolean hasRoom = true;
    while (current.bytes > maxBytes && current.records.size() > 1) {
      current.bytes -= bytes(current.records.removeFirst());
      current.from = current.records.getFirst().offset();
      hasRoom = false;
    }
    return hasRoom;
  }

  /** Goes on at the first record that is still there, and says what is not. */
  private void skipTheDeleted(BackwardSplit left, Block current) {
    TopicPartition partition = left.topicPartition();
    long first =
        requireNonNull(consumer.beginningOffsets(List.of(partition)).get(partition), "no offset");
    long gone = consumer.position(partition);
    if (first <= gone) {
      throw new IllegalStateException(
          "offset must be there, for the partition begins before it: %s@%d"
              .formatted(partition, gone));
    }
    LOG.warn(
        "{} was to be read from offset {} on and begins at {} by now: the records before that were"
            + " deleted while the job ran (retention), and get no forecasts.",
        partition,
        left.begin(),
        first);
    current.from = left.begin();
    consumer.seek(partition, Math.min(first, left.end()));
  }

  private static int bytes(ConsumerRecord<byte[], byte[]> record) {
    return OVERHEAD_BYTES
        + Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }

  private static List<ConsumerRecord<byte[], byte[]>> backwards(Block read) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(read.records.size());
    Iterator<ConsumerRecord<byte[], byte[]>> newestFirst = read.records.descendingIterator();
    newestFirst.forEachRemaining(records::add);
    return records;
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
