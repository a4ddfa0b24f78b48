package io.tidecast.flink.read;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the records of one topic, in the format that the job writes. One thread.
 *
 * @param <T> what a record says
 */
@FunctionalInterface
public interface RecordDecoder<T> {

  /**
   * Returns what a record says.
   *
   * @throws IllegalArgumentException if it is none of this format; the message says so
   * @throws io.tidecast.flink.registry.RegistryException if the registry does not answer
   */
  T decode(ConsumerRecord<byte[], byte[]> record);
}
