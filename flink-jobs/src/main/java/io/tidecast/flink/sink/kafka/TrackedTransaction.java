package io.tidecast.flink.sink.kafka;

import static java.util.Objects.requireNonNull;

import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that a checkpoint is to commit.
 *
 * @param kafka what commits it
 * @param content null for one from a checkpoint of before contents were counted
 */
record TrackedTransaction(KafkaCommittable kafka, @Nullable TransactionContent content) {

  TrackedTransaction {
    requireNonNull(kafka, "kafka is null");
  }

  String id() {
    return kafka.getTransactionalId();
  }

  /** Says whether it comes from a checkpoint, and not from a writer that still has its producer. */
  boolean isRestored() {
    return kafka.getProducer().isEmpty();
  }
}
