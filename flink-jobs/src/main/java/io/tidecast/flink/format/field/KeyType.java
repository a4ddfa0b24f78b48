package io.tidecast.flink.format.field;

/** Says what the bytes of Kafka's keys are. */
public enum KeyType {
  /** They are UTF-8 text, whatever it looks like. */
  TEXT,
  /** They are 4 bytes, a signed whole number, the highest first. */
  INT,
  /** They are 8 bytes, a signed whole number, the highest first. */
  LONG,
  /** They are the 16 bytes of a UUID. */
  UUID,
  /** They are one JSON value: a text, a number, or something that a path leads into. */
  JSON
}
