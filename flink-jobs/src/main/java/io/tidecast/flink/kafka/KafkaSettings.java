package io.tidecast.flink.kafka;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How the job reaches its brokers. Properties are what Kafka's clients are told besides, under
 * Kafka's own names; references of {@link ReferenceText} in their values are resolved by each
 * client, where it is made. {@link #toString} shows no value of a property, for it may be a secret.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties of every client
 * @param consumerProperties of consumers alone, which take these where both are given
 * @param producerProperties of producers alone, likewise
 */
public record KafkaSettings(
    String bootstrapServers,
    Map<String, String> properties,
    Map<String, String> consumerProperties,
    Map<String, String> producerProperties)
    implements Serializable {

  public static final String MAX_REQUEST_SIZE = "max.request.size";

  /** Kafka's own default of {@value #MAX_REQUEST_SIZE}. */
  public static final int DEFAULT_MAX_REQUEST_BYTES = 1024 * 1024;

  public KafkaSettings {
    requireNonNull(bootstrapServers, "bootstrapServers is null");
    properties = Map.copyOf(properties);
    consumerProperties = Map.copyOf(consumerProperties);
    producerProperties = Map.copyOf(producerProperties);
  }

  /** With the same properties for every client. */
  public KafkaSettings(String bootstrapServers, Map<String, String> properties) {
    this(bootstrapServers, properties, Map.of(), Map.of());
  }

  /** The largest request that a producer sends, bytes. */
  public long maxRequestBytes() {
    String given = given(ClientKind.PRODUCER).get(MAX_REQUEST_SIZE);
    return given == null ? DEFAULT_MAX_REQUEST_BYTES : Long.parseLong(given);
  }

  /** The properties of a kind alone, as the job file has them. */
  public Map<String, String> written(ClientKind kind) {
    return switch (kind) {
      case ANY -> properties;
      case CONSUMER -> consumerProperties;
      case PRODUCER -> producerProperties;
    };
  }

  /** All properties that a client of a kind is given, with the references in them; a copy. */
  public Map<String, String> given(ClientKind kind) {
    Map<String, String> given = new TreeMap<>(properties);
    given.putAll(written(kind));
    return given;
  }

  /** Names a property that clients of a kind are given, as the job file has it or would. */
  public String path(ClientKind kind, String property) {
    return (written(kind).containsKey(property) ? kind : ClientKind.ANY).path(property);
  }

  /** What clients of a kind are given, as Kafka's clients take it; a copy. */
  public Properties toProperties(ClientKind kind) {
    Properties copy = new Properties();
    copy.putAll(forClients(kind));
    return copy;
  }

  /** What a client of a kind is made of that needs to know no more; a copy. */
  public Map<String, Object> clientProperties(ClientKind kind) {
    Map<String, Object> client = new HashMap<>(forClients(kind));
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return client;
  }

  private Map<String, String> forClients(ClientKind kind) {
    return JobSecrets.forClients(given(kind), property -> path(kind, property));
  }

  /**
   * Says which references have nothing behind them in this process, a sentence each. Clients that
   * are made on other machines may find there what is not here.
   */
  public List<String> unresolved() {
    List<String> problems = new ArrayList<>();
    for (ClientKind kind : ClientKind.values()) {
      addUnresolved(kind, problems);
    }
    return problems;
  }

  private void addUnresolved(ClientKind kind, List<String> problems) {
    Secrets secrets = Secrets.ofThisProcess();
    Set<String> own = JobSecrets.providers(given(kind));
    new TreeMap<>(written(kind))
        .forEach(
            (name, value) -> {
              for (ReferenceText.Part part : ReferenceText.of(value).parts()) {
                if (!(part instanceof ReferenceText.Plain) && !JobSecrets.isOf(own, part)) {
                  try {
                    var unused = secrets.resolve(part);
                  } catch (UnresolvedException e) {
                    problems.add(e.getMessage() + ", of " + kind.path(name));
                  }
                }
              }
            });
  }

  @Override
  public String toString() {
    return "KafkaSettings[bootstrapServers=%s, properties=%s, consumerProperties=%s, producerProperties=%s]"
        .formatted(
            bootstrapServers,
            hidden(properties),
            hidden(consumerProperties),
            hidden(producerProperties));
  }

  private static Map<String, String> hidden(Map<String, String> properties) {
    Map<String, String> hidden = new TreeMap<>(properties);
    hidden.replaceAll((name, value) -> "***");
    return hidden;
  }
}
