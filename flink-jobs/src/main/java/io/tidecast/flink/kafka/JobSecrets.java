package io.tidecast.flink.kafka;

import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.secret.Secrets;
import io.tidecast.flink.secret.UnresolvedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;

/**
 * Resolves the references of a job's Kafka properties in each client of Kafka's, where and when it
 * is made: until then a job, its graph and its web page hold the references alone.
 *
 * <p>Kafka makes one for each client and gives it the name of the property in the job file as the
 * path, and what stood between the braces as the key.
 */
public final class JobSecrets implements ConfigProvider {

  /** What Kafka's clients call it. */
  public static final String NAME = "tidecast";

  /** Begins the properties that name the providers, and set them up. */
  public static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

  /** The key of the two characters that begin a reference, less the brace. */
  private static final String DOLLAR = "$";

  private final Secrets secrets;

  /** Kafka calls it by name. */
  public JobSecrets() {
    this.secrets = Secrets.ofThisProcess();
  }

  /** The providers of a job's own, by the names that its {@code config.providers} gives them. */
  public static Set<String> providers(Map<String, String> properties) {
    return Set.copyOf(
        Stream.of(properties.getOrDefault(PROVIDERS, "").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList());
  }

  /**
   * Makes of the properties of a job what Kafka's clients take: each reference is one that they
   * resolve with this class. Those to providers of the job's own stay as they are.
   *
   * @param path names a property as the job file has it
   * @throws IllegalArgumentException if something begins like a reference and is none
   */
  static Map<String, String> forClients(
      Map<String, String> properties, UnaryOperator<String> path) {
    Set<String> own = providers(properties);
    Map<String, String> rewritten = new TreeMap<>(properties);
    boolean needed = false;
    for (Map.Entry<String, String> one : rewritten.entrySet()) {
      if (ReferenceText.isIn(one.getValue())) {
        String value = rewrite(path.apply(one.getKey()), one.getValue(), own);
        needed |= !value.equals(one.getValue());
        one.setValue(value);
      }
    }
    if (needed) {
      rewritten.merge(PROVIDERS, NAME, (theirs, ours) -> theirs + "," + ours);
      rewritten.put(PROVIDERS + "." + NAME + ".class", JobSecrets.class.getName());
    }
    return rewritten;
  }

  private static String rewrite(String path, String text, Set<String> own) {
    StringBuilder rewritten = new StringBuilder();
    for (ReferenceText.Part part : ReferenceText.of(text).parts()) {
      if (part instanceof ReferenceText.Plain plain) {
        // Or Kafka would take what was escaped for a reference.
        rewritten.append(plain.text().replace("${", reference(path, DOLLAR) + "{"));
      } else {
        String inside = part.toString().substring(2, part.toString().length() - 1);
        rewritten.append(isOf(own, part) ? part : reference(path, inside));
      }
    }
    return rewritten.toString();
  }

  /** Whether a provider of the job's own resolves a reference. */
  static boolean isOf(Set<String> own, ReferenceText.Part part) {
    return part instanceof ReferenceText.Other other && own.contains(other.provider())
        || part instanceof ReferenceText.TextFile && own.contains("file");
  }

  private static String reference(String path, String inside) {
    return "${%s:%s:%s}".formatted(NAME, path, inside);
  }

  @Override
  public ConfigData get(String path, Set<String> keys) {
    Map<String, String> found = new HashMap<>();
    for (String key : keys) {
      try {
        found.put(key, key.equals(DOLLAR) ? key : secrets.resolve("${" + key + "}"));
      } catch (UnresolvedException e) {
        throw new ConfigException(e.getMessage() + ", of " + path);
      }
    }
    return new ConfigData(found);
  }

  /** Has nothing without keys. */
  @Override
  public ConfigData get(String path) {
    return new ConfigData(Map.of());
  }

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
