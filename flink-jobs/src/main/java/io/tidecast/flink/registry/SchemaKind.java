package io.tidecast.flink.registry;

/** The kinds of schemas that a registry keeps. The names are those of its API. */
public enum SchemaKind {
  AVRO,
  JSON,
  PROTOBUF
}
