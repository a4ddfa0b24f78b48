package io.tidecast.flink.sink;

/** How the records are written that a job writes. */
public enum RecordFormat {
  /** Avro single objects of Tidecast's own schemas. */
  TIDECAST,
  /** One JSON object. */
  JSON,
  /** JSON with its schema beside it, as Kafka Connect's {@code JsonConverter} reads it. */
  CONNECT_JSON,
  /** Avro's binary encoding, after the id of the schema where there is a registry. */
  AVRO,
  /** A message of Protobuf, after the id of the schema where there is a registry. */
  PROTOBUF;

  /** A minus, 17 digits, a point, an exponent of four characters and a comma, or a few more. */
  private static final int DECIMAL_BYTES = 26;

  /** Whether numbers are written as text, and fields with their names. */
  public boolean isJson() {
    return this == JSON || this == CONNECT_JSON;
  }

  /** The most that one of the numbers of a forecast takes, bytes. */
  public int maxNumberBytes() {
    return isJson() ? DECIMAL_BYTES : Double.BYTES;
  }
}
