package io.tidecast.postgres;

import io.tidecast.flink.sink.PostgresSettings;
import io.tidecast.postgres.rows.RowMaker;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a copier goes by.
 *
 * @param makers of the rows of each topic
 * @param topicIds asks Kafka for the id of a topic, which is another one when it is made anew
 * @param say tells people a sentence
 * @param clock says how old rows are
 * @param nanos a clock as of {@link System#nanoTime}
 */
record CopySetup(
    Map<String, RowMaker> makers,
    PostgresSettings settings,
    TopicIds topicIds,
    Consumer<String> say,
    Clock clock,
    LongSupplier nanos) {

  /** Asks for the ids of topics. */
  @FunctionalInterface
  interface TopicIds {

    /**
     * Returns the id of a topic.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    String of(String topic);
  }
}
