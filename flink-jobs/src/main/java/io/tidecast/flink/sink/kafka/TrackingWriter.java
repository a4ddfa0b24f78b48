package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.sink.kafka.TrackingSink.Written;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the connector's writer the records of each element, and counts what it puts into each
 * transaction: elements, however many records each of them is. One thread calls it.
 */
final class TrackingWriter<T>
    implements StatefulSinkWriter<T, KafkaWriterState>,
        CommittingSinkWriter<T, TrackedTransaction> {

  private static final Logger LOG = LoggerFactory.getLogger(TrackingWriter.class);

  private final PrecommittingStatefulSinkWriter<
          ProducerRecord<byte[], byte[]>, KafkaWriterState, KafkaCommittable>
      kafka;
  private final Written<T> written;
  private final MillisClock clock;

  private long checkpoint;
  private long records;
  private long beganMillis;
  private long firstMillis;
  private long lastMillis;

  /**
   * @param restored the number of the checkpoint that the job goes on from, or one below that of
   *     the first
   */
  TrackingWriter(
      PrecommittingStatefulSinkWriter<
              ProducerRecord<byte[], byte[]>, KafkaWriterState, KafkaCommittable>
          kafka,
      Written<T> written,
      MillisClock clock,
      long restored) {
    this.kafka = kafka;
    this.written = written;
    this.clock = clock;
    this.checkpoint = restored;
  }

  @Override
  public void write(T element, Context context) throws IOException, InterruptedException {
    written.encoder().encode(element, record -> kafka.write(record, context));
    long millis = written.time().millis(element);
    if (records == 0) {
      beganMillis = clock.millis();
      firstMillis = millis;
      lastMillis = millis;
    } else {
      firstMillis = Math.min(firstMillis, millis);
      lastMillis = Math.max(lastMillis, millis);
    }
    records++;
  }

  @Override
  public Collection<TrackedTransaction> prepareCommit() throws IOException, InterruptedException {
    // A checkpoint that was given up before it came here leaves its transaction to the next, which
    // then still began after the last one that did.
    TransactionContent content =
        records == 0
            ? null
            : new TransactionContent(records, beganMillis, checkpoint, firstMillis, lastMillis);
    records = 0;
    return tracked(kafka.prepareCommit(), content);
  }

  private static Collection<TrackedTransaction> tracked(
      Collection<KafkaCommittable> transactions, @Nullable TransactionContent content) {
    if (transactions.size() > 1) {
      throw new IllegalStateException(
          "a writer must have one transaction at a time: " + transactions.size());
    }
    return transactions.stream().map(one -> new TrackedTransaction(one, content)).toList();
  }

  @Override
  public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
    checkpoint = checkpointId;
    return kafka.snapshotState(checkpointId);
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    kafka.flush(endOfInput);
  }

  @Override
  public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
    kafka.writeWatermark(watermark);
  }

  /**
   * Logs what the connector tells now. It has told an error of its producer when it was used, and
   * often tells another when it is closed after that; from a task that has failed already, Flink
   * takes the second for a reason to end the whole task manager, and forgets the first. Nothing is
   * lost by that: before a task ends well it has flushed the writer, which tells every error.
   */
  @Override
  public void close() {
    try {
      kafka.close();
    } catch (Exception e) {
      LOG.info("A writer told of a failure when it was closed.", e);
    }
  }
}
