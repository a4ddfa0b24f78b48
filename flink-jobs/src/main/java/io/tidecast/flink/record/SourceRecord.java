package io.tidecast.flink.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record as it came from Kafka.
 *
 * @param timestampMillis Kafka's timestamp of the record, -1 when it has none
 * @param key null when it had none
 * @param value null when it had none
 */
public record SourceRecord(
    String topic, int partition, long offset, long timestampMillis, byte[] key, byte[] value) {

  public static SourceRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new SourceRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value());
  }
}
