package io.tidecast.cli.read;

import io.tidecast.flink.read.RecordDecoder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record of a topic that the job writes, and what it says.
 *
 * @param value null where it cannot be read
 * @param problem why not; null where it can
 */
public record Decoded<T>(
    ConsumerRecord<byte[], byte[]> record, @Nullable T value, @Nullable String problem) {

  /** Reads a record, or says why it cannot be read. */
  public static <T> Decoded<T> of(ConsumerRecord<byte[], byte[]> record, RecordDecoder<T> decoder) {
    try {
      return new Decoded<>(record, decoder.decode(record), null);
    } catch (IllegalArgumentException e) {
      return new Decoded<>(record, null, String.valueOf(e.getMessage()));
    }
  }

  /** Where it was read. */
  public String place() {
    return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
  }
}
