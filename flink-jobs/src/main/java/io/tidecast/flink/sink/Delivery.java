package io.tidecast.flink.sink;

/** What a failure of the job may do to its output. */
public enum Delivery {
  EXACTLY_ONCE,
  AT_LEAST_ONCE
}
