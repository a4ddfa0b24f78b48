package io.tidecast.flink.sink;

/** How JSON spells a time. */
public enum JsonTimes {
  /** As text in UTC, such as {@code 2026-11-20T10:30:00Z}. */
  ISO_8601,
  /** As a number, milliseconds since 1970-01-01T00:00:00Z. */
  EPOCH_MILLIS
}
