package io.tidecast.flink.sink;

import java.io.IOException;
import java.io.Serializable;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes the records of Kafka of what a sink is given: one of each, or several. It is sent to the
 * subtasks and opened there once; one thread uses it.
 *
 * @param <T> what a sink is given
 */
public interface RecordEncoder<T> extends Serializable {

  /**
   * Prepares it.
   *
   * @throws IOException if something that it needs does not answer
   */
  void open(InitializationContext context) throws IOException;

  /** Makes the records of an element, in their order. */
  void encode(T element, Out out) throws IOException, InterruptedException;

  /** Takes records. */
  @FunctionalInterface
  interface Out {
    void write(ProducerRecord<byte[], byte[]> record) throws IOException, InterruptedException;
  }
}
