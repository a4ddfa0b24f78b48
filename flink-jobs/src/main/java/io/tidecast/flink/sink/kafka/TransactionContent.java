package io.tidecast.flink.sink.kafka;

import java.time.Instant;

/**
 * What is in a transaction, counted as it was written.
 *
 * @param records at least one
 * @param beganMillis wall clock of the first of them
 * @param afterCheckpoint the last checkpoint that has nothing of it: whoever goes on from there, or
 *     from one before, makes these records again
 * @param firstMillis the earliest time of a record
 * @param lastMillis the latest time of a record
 */
record TransactionContent(
    long records, long beganMillis, long afterCheckpoint, long firstMillis, long lastMillis) {

  TransactionContent {
    if (records < 1) {
      throw new IllegalArgumentException("must be at least one: records=" + records);
    }
  }

  /** Adds what is in another transaction. */
  TransactionContent plus(TransactionContent other) {
    return new TransactionContent(
        records + other.records,
        Math.min(beganMillis, other.beganMillis),
        Math.min(afterCheckpoint, other.afterCheckpoint),
        Math.min(firstMillis, other.firstMillis),
        Math.max(lastMillis, other.lastMillis));
  }

  Instant began() {
    return Instant.ofEpochMilli(beganMillis);
  }

  Instant firstTime() {
    return Instant.ofEpochMilli(firstMillis);
  }

  Instant lastTime() {
    return Instant.ofEpochMilli(lastMillis);
  }
}
