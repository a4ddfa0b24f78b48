package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * Where a record was read. Its bytes are here only where a dead letter may need them; else they
 * stay behind, and the place says where they are.
 *
 * @param timestampMillis Kafka's timestamp of the record, -1 when it has none
 * @param keyLength of the key as it was read, bytes; 0 when it had none
 * @param valueLength of the value as it was read, bytes; 0 when it had none
 * @param key cut to what a dead letter may hold; null when it had none, or stays behind; not copied
 * @param value cut to what a dead letter may hold; null when it had none, or stays behind; not
 *     copied
 * @param headers that go with the bytes, as {@link KeptHeaders} packs them; null when it had none,
 *     or they stay behind; not copied
 * @param passed headers that go onto forecasts, as {@link PassedHeaders} packs them; null when it
 *     had none; not copied
 */
public record RecordOrigin(
    String topic,
    int partition,
    long offset,
    long timestampMillis,
    int keyLength,
    int valueLength,
    byte @Nullable [] key,
    byte @Nullable [] value,
    byte @Nullable [] headers,
    byte @Nullable [] passed) {

  /** Without headers. */
  public RecordOrigin(
      String topic,
      int partition,
      long offset,
      long timestampMillis,
      int keyLength,
      int valueLength,
      byte @Nullable [] key,
      byte @Nullable [] value) {
    this(topic, partition, offset, timestampMillis, keyLength, valueLength, key, value, null, null);
  }

  /** Whether the record has bytes that are not here. */
  public boolean isBehind() {
    return (key == null && keyLength > 0) || (value == null && valueLength > 0);
  }
}
