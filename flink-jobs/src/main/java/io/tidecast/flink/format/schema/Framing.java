package io.tidecast.flink.format.schema;

/** Says how a record names the schema that it was written with. */
public enum Framing {
  /** It names none. */
  NONE,
  /**
   * It does as Confluent's serializers do: in a header, or else in the bytes before the record, a
   * zero and the four bytes of an id.
   */
  CONFLUENT
}
