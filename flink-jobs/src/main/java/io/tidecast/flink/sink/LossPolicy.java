package io.tidecast.flink.sink;

/** What the job does when Kafka has aborted a transaction that a checkpoint was to commit. */
public enum LossPolicy {
  /** It says and counts what is lost, and goes on. */
  REPORT,
  /** It ends, to be started from a checkpoint of before that transaction. */
  REPLAY
}
