package io.tidecast.flink.kafka;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How the job reaches its brokers. {@link #toString} shows no value of a property, for it may be a
 * secret.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties what Kafka's clients are told besides, under Kafka's own names
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> properties)
    implements Serializable {

  public static final String MAX_REQUEST_SIZE = "max.request.size";

  /** Kafka's own default of {@value #MAX_REQUEST_SIZE}. */
  public static final int DEFAULT_MAX_REQUEST_BYTES = 1024 * 1024;

  public KafkaSettings {
    requireNonNull(bootstrapServers, "bootstrapServers is null");
    properties = Map.copyOf(properties);
  }

  /** The largest request that a producer sends, bytes. */
  public long maxRequestBytes() {
    String given = properties.get(MAX_REQUEST_SIZE);
    return given == null ? DEFAULT_MAX_REQUEST_BYTES : Long.parseLong(given);
  }

  /** A copy of the properties, as Kafka's clients take them. */
  public Properties toProperties() {
    Properties copy = new Properties();
    copy.putAll(properties);
    return copy;
  }

  /** What a client of Kafka's is made of that needs to know no more. */
  public Properties clientProperties() {
    Properties client = toProperties();
    client.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return client;
  }

  @Override
  public String toString() {
    Map<String, String> hidden = new TreeMap<>(properties);
    hidden.replaceAll((name, value) -> "***");
    return "KafkaSettings[bootstrapServers=" + bootstrapServers + ", properties=" + hidden + "]";
  }
}
