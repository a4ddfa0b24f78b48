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
 * How the job reaches its brokers. {@link #toString} shows no value of a property, for it may be a
 * secret.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param properties what Kafka's clients are told besides, under Kafka's own names; references of
 *     {@link ReferenceText} in the values are resolved by each client, where it is made
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
    copy.putAll(JobSecrets.forClients(properties));
    return copy;
  }

  /** What a client of Kafka's is made of that needs to know no more; a copy. */
  public Map<String, Object> clientProperties() {
    Map<String, Object> client = new HashMap<>(JobSecrets.forClients(properties));
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return client;
  }

  /**
   * Says which references have nothing behind them in this process, a sentence each. Clients that
   * are made on other machines may find there what is not here.
   */
  public List<String> unresolved() {
    Secrets secrets = Secrets.ofThisProcess();
    Set<String> own = JobSecrets.providers(properties);
    List<String> problems = new ArrayList<>();
    new TreeMap<>(properties)
        .forEach(
            (name, value) -> {
              for (ReferenceText.Part part : ReferenceText.of(value).parts()) {
                if (!(part instanceof ReferenceText.Plain) && !JobSecrets.isOf(own, part)) {
                  try {
                    var unused = secrets.resolve(part);
                  } catch (UnresolvedException e) {
                    problems.add(e.getMessage() + ", of kafka.properties." + name);
                  }
                }
              }
            });
    return problems;
  }

  @Override
  public String toString() {
    Map<String, String> hidden = new TreeMap<>(properties);
    hidden.replaceAll((name, value) -> "***");
    return "KafkaSettings[bootstrapServers=" + bootstrapServers + ", properties=" + hidden + "]";
  }
}
