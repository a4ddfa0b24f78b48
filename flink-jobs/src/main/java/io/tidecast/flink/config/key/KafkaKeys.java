package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.kafka.ClientKind;
import java.util.List;
import java.util.Map;

/** The keys that say how the job reaches its brokers. */
public final class KafkaKeys {

  public static final ConfigKey<String> BOOTSTRAP_SERVERS =
      ConfigKey.required(
              "kafka.bootstrap-servers",
              ConfigType.servers(),
              "The job reads observations from these brokers and writes forecasts to them. A few brokers of a cluster are enough, for they name the others.")
          .example("broker-1:9092,broker-2:9092");
  public static final ConfigKey<Map<String, String>> PROPERTIES =
      ConfigKey.optional(
              ClientKind.ANY.key(),
              ConfigType.properties(),
              Map.of(),
              "Every Kafka client of the job is given these settings, under Kafka's own names. Use them for security and tuning. Those that would undo what another key promises, such as `isolation.level`, are refused by name. Their values are never shown or logged, and [references](#values-that-stand-elsewhere) in them are resolved where a client is made.")
          .example("{security.protocol: SASL_SSL}");
  public static final ConfigKey<Map<String, String>> CONSUMER_PROPERTIES =
      ConfigKey.optional(
              ClientKind.CONSUMER.key(),
              ConfigType.properties(),
              Map.of(),
              "The consumers of the job are given these settings besides, and take them where `kafka.properties` say something else. A setting that consumers do not have and producers do is refused. For the rest the same holds as for `kafka.properties`.")
          .example("{fetch.max.bytes: 10485760}");
  public static final ConfigKey<Map<String, String>> PRODUCER_PROPERTIES =
      ConfigKey.optional(
              ClientKind.PRODUCER.key(),
              ConfigType.properties(),
              Map.of(),
              "The producers of the job, which write forecasts and dead letters, are given these settings besides, and take them where `kafka.properties` or `sink.tuning` say something else. A setting that producers do not have and consumers do is refused. For the rest the same holds as for `kafka.properties`.")
          .example("{compression.type: zstd, linger.ms: 50}");

  private KafkaKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(BOOTSTRAP_SERVERS, PROPERTIES, CONSUMER_PROPERTIES, PRODUCER_PROPERTIES);
  }

  /** Has the properties of a kind of clients. */
  public static ConfigKey<Map<String, String>> properties(ClientKind kind) {
    return switch (kind) {
      case ANY -> PROPERTIES;
      case CONSUMER -> CONSUMER_PROPERTIES;
      case PRODUCER -> PRODUCER_PROPERTIES;
    };
  }
}
