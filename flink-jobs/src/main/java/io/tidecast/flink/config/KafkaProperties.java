package io.tidecast.flink.config;

import static io.tidecast.flink.kafka.KafkaSettings.MAX_REQUEST_SIZE;

import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.config.value.Misspelling;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

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

  /** A name with at most this many wrong characters may be meant to be another. */
  private static final int MOST_MISSPELT = 4;

  private KafkaProperties() {}

  /** Refuses what would break a promise, and what leaves dead letters no room. */
  static void check(ConfigValues values) {
    Map<String, String> properties = values.get(ConfigKeys.PROPERTIES);
    if (properties == null) {
      return;
    }
    for (String name : properties.keySet()) {
      String instead = RESERVED.get(name);
      if (instead != null) {
        values.problem("must not be set: kafka.properties.%s; %s".formatted(name, instead));
      }
    }
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
      if (!known.contains(name)) {
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
