package io.tidecast.flink.sink;

/** Whether a record that the job writes names its schema. */
public enum RecordFraming {
  /** It does not. */
  NONE,
  /** In five bytes before it, a zero and the id of the schema in a registry. */
  CONFLUENT
}
