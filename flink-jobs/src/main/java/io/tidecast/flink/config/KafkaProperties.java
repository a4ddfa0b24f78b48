package io.tidecast.flink.config;

import static io.tidecast.flink.kafka.KafkaSettings.MAX_REQUEST_SIZE;

import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.config.value.Misspelling;
import io.tidecast.flink.kafka.JobSecrets;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.sink.DeadLetterSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** What may be set for Kafka's clients, and what of it they know. Values are never shown. */
final class KafkaProperties {

  /** Settings that would undo what another key, or the job itself, promises. */
  private static final Map<String, String> RESERVED =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "use kafka.bootstrap-servers"),
          Map.entry("group.id", "use source.group-id"),
          Map.entry("client.id", "use job.name"),
          Map.entry("client.id.prefix", "use job.name"),
          Map.entry("auto.offset.reset", "use source.start"),
          Map.entry("isolation.level", "the job reads nothing that was not committed"),
          Map.entry("enable.auto.commit", "offsets are committed with checkpoints"),
          Map.entry("commit.offsets.on.checkpoint", "offsets are committed with checkpoints"),
          Map.entry("transactional.id", "use sink.transactional-id-prefix"),
          Map.entry("transaction.timeout.ms", "use sink.transaction-timeout"),
          Map.entry("transaction.two.phase.commit.enable", "use sink.transaction-timeout"),
          Map.entry("enable.idempotence", "use sink.delivery"),
          Map.entry("acks", "use sink.delivery"),
          Map.entry("partitioner.ignore.keys", "forecasts of a series stay in one partition"),
          Map.entry("key.serializer", "the job writes bytes"),
          Map.entry("value.serializer", "the job writes bytes"),
          Map.entry("key.deserializer", "the job reads bytes"),
          Map.entry("value.deserializer", "the job reads bytes"));

  /** What the connector takes besides, from the same properties. */
  private static final List<String> OF_THE_CONNECTOR =
      List.of(
          KafkaSourceOptions.PARTITION_DISCOVERY_INTERVAL_MS.key(),
          KafkaSourceOptions.REGISTER_KAFKA_CONSUMER_METRICS.key());

  /**
   * What the job reads itself, where it is submitted; and what the connector does, as it stands.
   */
  private static final Set<String> READ_BY_THE_JOB =
      Stream.concat(
              Stream.of(MAX_REQUEST_SIZE, ProducerConfig.COMPRESSION_TYPE_CONFIG),
              OF_THE_CONNECTOR.stream())
          .collect(Collectors.toUnmodifiableSet());

  /** A name with at most this many wrong characters may be meant to be another. */
  private static final int MOST_MISSPELT = 4;

  private KafkaProperties() {}

  /**
   * Returns the properties with the references that Kafka's clients resolve, and what stands behind
   * those that something else reads. Refuses what would break a promise, and what leaves dead
   * letters no room. Null if the values have no properties at all.
   */
  static @Nullable Map<String, String> of(ConfigValues values) {
    Map<String, String> written = values.get(ConfigKeys.PROPERTIES);
    if (written == null) {
      return null;
    }
    Map<String, String> properties = new TreeMap<>(written);
    for (String name : written.keySet()) {
      String instead = RESERVED.get(name);
      if (instead != null) {
        values.problem("must not be set: kafka.properties.%s; %s".formatted(name, instead));
      }
    }
    Set<String> providers = JobSecrets.providers(written);
    if (providers.contains(JobSecrets.NAME)) {
      values.problem(
          "must be another name than tidecast, which resolves ${NAME} and ${file:/path}: kafka.properties.%s"
              .formatted(JobSecrets.PROVIDERS));
    }
    written.forEach((name, value) -> resolve(values, properties, name, providers));
    checkRoom(values, properties);
    return properties;
  }

  private static void resolve(
      ConfigValues values, Map<String, String> properties, String name, Set<String> providers) {
    String value = properties.getOrDefault(name, "");
    if (!ReferenceText.isIn(value)) {
      return;
    }
    String path = "kafka.properties." + name;
    if (name.startsWith(JobSecrets.PROVIDERS)) {
      values.problem(
          "must be without references, for Kafka's clients resolve none of those that set up the providers: "
              + path);
    } else if (READ_BY_THE_JOB.contains(name)) {
      String resolved = values.resolve(path, value);
      if (resolved != null) {
        properties.put(name, resolved);
      }
    } else {
      try {
        for (ReferenceText.Part part : ReferenceText.of(value).parts()) {
          if (part instanceof ReferenceText.Other other && !providers.contains(other.provider())) {
            values.problem(
                "must be ${NAME}, ${file:/path} or of a provider that kafka.properties.%s names; $${ stands for the two characters: %s"
                    .formatted(JobSecrets.PROVIDERS, path));
          }
        }
      } catch (IllegalArgumentException e) {
        values.problem("%s: %s".formatted(e.getMessage(), path));
      }
    }
  }

  private static void checkRoom(ConfigValues values, Map<String, String> properties) {
    String requestSize =
        properties.getOrDefault(MAX_REQUEST_SIZE, "" + KafkaSettings.DEFAULT_MAX_REQUEST_BYTES);
    Integer valueBytes = values.get(ConfigKeys.MAX_VALUE_BYTES);
    if (!requestSize.matches("[1-9]\\d{0,9}")) {
      values.problem(
          "must be a whole number of bytes: kafka.properties.%s".formatted(MAX_REQUEST_SIZE));
    } else if (valueBytes != null
        && valueBytes + (long) DeadLetterSettings.OVERHEAD_BYTES > Long.parseLong(requestSize)) {
      values.problem(
          "must be at least %d less than %s=%s: dead-letters.max-value-bytes=%d"
              .formatted(
                  DeadLetterSettings.OVERHEAD_BYTES, MAX_REQUEST_SIZE, requestSize, valueBytes));
    }
  }

  /**
   * Says which names Kafka's clients do not know. They are not refused: what a client is given
   * reaches its interceptors, login modules and the like, which may know them.
   */
  static List<String> notices(Collection<String> names) {
    TreeSet<String> known = known();
    List<String> notices = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      if (!known.contains(name) && !name.startsWith(JobSecrets.PROVIDERS + ".")) {
        String nearest =
            known.stream()
                .min(Comparator.comparingInt(one -> Misspelling.distance(name, one)))
                .orElseThrow();
        notices.add(
            "Kafka's clients know no setting %s of kafka.properties; %s"
                .formatted(
                    name,
                    Misspelling.distance(name, nearest) <= MOST_MISSPELT
                        ? "did you mean %s?".formatted(nearest)
                        : "it does nothing, unless a plug-in of theirs reads it."));
      }
    }
    return notices;
  }

  private static TreeSet<String> known() {
    TreeSet<String> known = new TreeSet<>(OF_THE_CONNECTOR);
    known.addAll(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(AdminClientConfig.configNames());
    return known;
  }
}
