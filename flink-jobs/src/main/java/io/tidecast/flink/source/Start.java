package io.tidecast.flink.source;

/** Where a job without a checkpoint begins. */
public enum Start {
  EARLIEST,
  LATEST,
  /** The group's offsets; the earliest where it has none. */
  COMMITTED
}
