package io.tidecast.postgres;

import java.util.List;

/** Takes records that cannot be copied. */
@FunctionalInterface
interface Refusals extends AutoCloseable {

  /**
   * Sends them somewhere, and waits until they are there.
   *
   * @throws org.apache.kafka.common.KafkaException if one of them is not
   */
  void send(List<Entry> refused);

  @Override
  default void close() {}
}
