package io.tidecast.flink.config;

import static io.tidecast.flink.kafka.KafkaSettings.MAX_REQUEST_SIZE;

import io.tidecast.flink.config.key.KafkaKeys;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.config.value.Misspelling;
import io.tidecast.flink.kafka.ClientKind;
import io.tidecast.flink.kafka.JobSecrets;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.secret.ReferenceText;
import io.tidecast.flink.sink.DeadLetterSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
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
   * Returns how the job reaches its brokers: the properties with the references that Kafka's
   * clients resolve, and what stands behind those that something else reads. Refuses what would
   * break a promise, what the clients of a kind do not have, and what leaves dead letters no room.
   * Null if the values have no brokers, or no properties at all.
   */
  static @Nullable KafkaSettings of(ConfigValues values) {
    Map<ClientKind, Map<String, String>> all = new EnumMap<>(ClientKind.class);
    for (ClientKind kind : ClientKind.values()) {
      Map<String, String> written = values.get(KafkaKeys.properties(kind));
      if (written == null) {
        return null;
      }
      all.put(kind, written);
    }
    // Under some names, for what they are given is checked without any.
    KafkaSettings written = settings("", all);
    for (ClientKind kind : ClientKind.values()) {
      all.put(kind, checked(values, written, kind));
    }
    checkRoom(values, settings("", all));
    String servers = values.get(KafkaKeys.BOOTSTRAP_SERVERS);
    return servers == null ? null : settings(servers, all);
  }

  private static KafkaSettings settings(
      String servers, Map<ClientKind, Map<String, String>> properties) {
    return new KafkaSettings(
        servers,
        properties.getOrDefault(ClientKind.ANY, Map.of()),
        properties.getOrDefault(ClientKind.CONSUMER, Map.of()),
        properties.getOrDefault(ClientKind.PRODUCER, Map.of()));
  }

  private static Map<String, String> checked(
      ConfigValues values, KafkaSettings written, ClientKind kind) {
    Map<String, String> properties = new TreeMap<>(written.written(kind));
    Set<String> others = ofOthers(kind);
    for (String name : properties.keySet()) {
      String instead = RESERVED.get(name);
      if (instead != null) {
        values.problem("must not be set: %s; %s".formatted(kind.path(name), instead));
      } else if (others.contains(name)) {
        values.problem(
            "must be a setting that %s have: %s; they would pass over it, and in %s or %s it is read"
                .formatted(
                    kind.plural(), kind.path(name), ClientKind.ANY.key(), other(kind).key()));
      }
    }
    Set<String> providers = JobSecrets.providers(written.given(kind));
    if (providers.contains(JobSecrets.NAME) && properties.containsKey(JobSecrets.PROVIDERS)) {
      values.problem(
          "must be another name than tidecast, which resolves ${NAME} and ${file:/path}: %s"
              .formatted(kind.path(JobSecrets.PROVIDERS)));
    }
    for (String name : Set.copyOf(properties.keySet())) {
      resolve(values, properties, kind.path(name), name, providers);
    }
    return properties;
  }

  private static void resolve(
      ConfigValues values,
      Map<String, String> properties,
      String path,
      String name,
      Set<String> providers) {
    String value = properties.getOrDefault(name, "");
    if (!ReferenceText.isIn(value)) {
      return;
    }
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

  private static void checkRoom(ConfigValues values, KafkaSettings kafka) {
    String requestSize =
        kafka
            .given(ClientKind.PRODUCER)
            .getOrDefault(MAX_REQUEST_SIZE, "" + KafkaSettings.DEFAULT_MAX_REQUEST_BYTES);
    Integer valueBytes = values.get(ConfigKeys.MAX_VALUE_BYTES);
    if (!requestSize.matches("[1-9]\\d{0,9}")) {
      values.problem(
          "must be a whole number of bytes: %s"
              .formatted(kafka.path(ClientKind.PRODUCER, MAX_REQUEST_SIZE)));
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
  static List<String> notices(KafkaSettings kafka) {
    List<String> notices = new ArrayList<>();
    for (ClientKind kind : ClientKind.values()) {
      TreeSet<String> known = known(kind);
      for (String name : new TreeSet<>(kafka.written(kind).keySet())) {
        if (!known.contains(name) && !name.startsWith(JobSecrets.PROVIDERS + ".")) {
          notices.add(unknown(kind, name, known));
        }
      }
    }
    return notices;
  }

  private static String unknown(ClientKind kind, String name, Set<String> known) {
    String nearest =
        known.stream()
            .min(Comparator.comparingInt(one -> Misspelling.distance(name, one)))
            .orElseThrow();
    return "Kafka's %s know no setting %s of %s; %s"
        .formatted(
            kind.plural(),
            name,
            kind.key(),
            Misspelling.distance(name, nearest) <= MOST_MISSPELT
                ? "did you mean %s?".formatted(nearest)
                : "it does nothing, unless a plug-in of theirs reads it.");
  }

  private static ClientKind other(ClientKind kind) {
    return kind == ClientKind.CONSUMER ? ClientKind.PRODUCER : ClientKind.CONSUMER;
  }

  /** Those that clients of a kind do not have and others do. */
  private static Set<String> ofOthers(ClientKind kind) {
    Set<String> others = new TreeSet<>(known(other(kind)));
    others.removeAll(known(kind));
    return kind == ClientKind.ANY ? Set.of() : others;
  }

  private static TreeSet<String> known(ClientKind kind) {
    TreeSet<String> known = new TreeSet<>();
    if (kind != ClientKind.PRODUCER) {
      known.addAll(OF_THE_CONNECTOR);
      known.addAll(ConsumerConfig.configNames());
    }
    if (kind != ClientKind.CONSUMER) {
      known.addAll(ProducerConfig.configNames());
    }
    if (kind == ClientKind.ANY) {
      known.addAll(AdminClientConfig.configNames());
    }
    return known;
  }
}
