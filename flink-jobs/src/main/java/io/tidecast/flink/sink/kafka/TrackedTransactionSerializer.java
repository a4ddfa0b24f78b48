package io.tidecast.flink.sink.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the transactions that a checkpoint is to commit: the bytes of the Kafka connector, and
 * after them what was counted.
 *
 * <p>Two things follow from that order. A checkpoint of before contents were counted has the
 * connector's bytes alone, under the connector's version, and is read. And the connector reads what
 * is written here, for it stops at the end of its own: a job can be rolled back.
 */
final class TrackedTransactionSerializer implements SimpleVersionedSerializer<TrackedTransaction> {

  /** The connector counts its versions from 1; ours begin where it will not come. */
  static final int VERSION = 1_001;

  private static final int CONTENT_BYTES = 5 * Long.BYTES;
  private static final byte NO_CONTENT = 0;
  private static final byte CONTENT = 1;

  /** The version of the connector's bytes, and whether there is a content. */
  private static final int TRAILER_BYTES = Integer.BYTES + Byte.BYTES;

  private final SimpleVersionedSerializer<KafkaCommittable> kafka;

  /**
   * @param kafka the connector's own
   */
  TrackedTransactionSerializer(SimpleVersionedSerializer<KafkaCommittable> kafka) {
    this.kafka = kafka;
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(TrackedTransaction transaction) throws IOException {
    byte[] own = kafka.serialize(transaction.kafka());
    TransactionContent content = transaction.content();
    int length = own.length + (content == null ? 0 : CONTENT_BYTES) + TRAILER_BYTES;
    ByteBuffer bytes = ByteBuffer.allocate(length).put(own);
    if (content != null) {
      bytes
          .putLong(content.records())
          .putLong(content.beganMillis())
          .putLong(content.afterCheckpoint())
          .putLong(content.firstMillis())
          .putLong(content.lastMillis());
    }
    return bytes.putInt(kafka.getVersion()).put(content == null ? NO_CONTENT : CONTENT).array();
  }

  @Override
  public TrackedTransaction deserialize(int version, byte[] bytes) throws IOException {
    if (version < VERSION) {
      return new TrackedTransaction(kafka.deserialize(version, bytes), null);
    }
    if (version > VERSION) {
      throw new IOException(
          "state of a sink must have been kept with versions up to %d, was kept with %d"
              .formatted(VERSION, version));
    }
    int trailer = bytes.length - TRAILER_BYTES;
    ByteBuffer end = ByteBuffer.wrap(bytes, trailer, TRAILER_BYTES);
    int kafkaVersion = end.getInt();
    int own = trailer - (end.get() == CONTENT ? CONTENT_BYTES : 0);
    return new TrackedTransaction(
        kafka.deserialize(kafkaVersion, Arrays.copyOf(bytes, own)),
        content(ByteBuffer.wrap(bytes, own, trailer - own)));
  }

  private static @Nullable TransactionContent content(ByteBuffer bytes) {
    return bytes.hasRemaining()
        ? new TransactionContent(
            bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong())
        : null;
  }
}
