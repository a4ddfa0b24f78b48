package io.tidecast.flink.kafka;

/** Which of Kafka's clients a part of a job's properties is for. */
public enum ClientKind {
  /** Consumers, producers and those that administer. */
  ANY("kafka.properties", "clients"),
  CONSUMER("kafka.consumer-properties", "consumers"),
  PRODUCER("kafka.producer-properties", "producers");

  private final String key;
  private final String plural;

  ClientKind(String key, String plural) {
    this.key = key;
    this.plural = plural;
  }

  /** The key of the job file that has them. */
  public String key() {
    return key;
  }

  /** What the clients are called. */
  public String plural() {
    return plural;
  }

  /** Names a property as the job file has it. */
  public String path(String property) {
    return key + "." + property;
  }
}
