package io.tidecast.postgres.rows;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the rows that a record of a topic says. One thread. */
@FunctionalInterface
public interface RowMaker {

  /**
   * Makes rows.
   *
   * @throws IllegalArgumentException if the record cannot be read, or the database could not hold
   *     what it says; the message says why, and no row has been made
   * @throws io.tidecast.flink.registry.RegistryException if a registry does not answer
   */
  void make(ConsumerRecord<byte[], byte[]> record, Consumer<Row> out);
}
