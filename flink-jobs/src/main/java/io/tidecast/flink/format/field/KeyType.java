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
  JSON,
  /** They are in Avro's binary encoding, and a schema registry has their schemas. */
  AVRO,
  /** They are Protobuf messages, and a schema registry has their schemas. */
  PROTOBUF;

  /** Whether a path may lead into a key. */
  public boolean hasParts() {
    return this == JSON || isOfRegistry();
  }

  /** Whether a key cannot be read without the schema that it names. */
  public boolean isOfRegistry() {
    return this == AVRO || this == PROTOBUF;
  }
}
