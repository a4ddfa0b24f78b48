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
  PROTOBUF
}
