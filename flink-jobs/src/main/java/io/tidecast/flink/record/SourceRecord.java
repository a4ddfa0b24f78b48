package io.tidecast.flink.record;

import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came from Kafka.
 *
 * @param timestampMillis Kafka's timestamp of the record, -1 when it has none
 * @param key null when it had none
 * @param value null when it had none
 * @param passed headers that go onto forecasts, as {@link PassedHeaders} packs them; null when it
 *     had none
 */
public record SourceRecord(
    String topic,
    int partition,
    long offset,
    long timestampMillis,
    byte @Nullable [] key,
    byte @Nullable [] value,
    byte @Nullable [] passed) {

  private static final Headers NO_HEADERS = new RecordHeaders();

  /** Of which no headers go onto forecasts. */
  public SourceRecord(
      String topic,
      int partition,
      long offset,
      long timestampMillis,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    this(topic, partition, offset, timestampMillis, key, value, null);
  }

  /**
   * The same with headers that go onto forecasts.
   *
   * @param packed as {@link PassedHeaders} does; null for none
   */
  public SourceRecord passing(byte @Nullable [] packed) {
    return packed == null
        ? this
        : new SourceRecord(topic, partition, offset, timestampMillis, key, value, packed);
  }

  public static SourceRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new SourceRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value());
  }

  /** Where it was read; its bytes stay behind. */
  public RecordOrigin origin() {
    return new RecordOrigin(
        topic,
        partition,
        offset,
        timestampMillis,
        length(key),
        length(value),
        null,
        null,
        null,
        passed);
  }

  /** The same with its bytes and no headers. */
  public RecordOrigin whole(int maxValueBytes) {
    return whole(maxValueBytes, NO_HEADERS);
  }

  /**
   * The same with its bytes and headers, for a dead letter.
   *
   * @param maxValueBytes of the value; a longer one is cut
   */
  public RecordOrigin whole(int maxValueBytes, Headers headers) {
    return new RecordOrigin(
        topic,
        partition,
        offset,
        timestampMillis,
        length(key),
        length(value),
        cut(key, Rejection.MAX_KEY_BYTES),
        cut(value, maxValueBytes),
        KeptHeaders.pack(headers),
        passed);
  }

  private static byte @Nullable [] cut(byte @Nullable [] bytes, int max) {
    return bytes == null || bytes.length <= max ? bytes : Arrays.copyOf(bytes, max);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
