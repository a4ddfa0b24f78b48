package io.tidecast.flink.sink;

/** Under which subject a registry has the schema of a topic's values. */
public enum SubjectNames {
  /** The topic, followed by {@code -value}. */
  TOPIC,
  /** The full name of the record. */
  RECORD,
  /** The topic, a hyphen, and the full name of the record. */
  TOPIC_RECORD;

  /**
   * The subject of a record.
   *
   * @param record its full name, such as {@code io.tidecast.schemas.Forecast}
   */
  public String subject(String topic, String record) {
    return switch (this) {
      case TOPIC -> topic + "-value";
      case RECORD -> record;
      case TOPIC_RECORD -> topic + "-" + record;
    };
  }
}
