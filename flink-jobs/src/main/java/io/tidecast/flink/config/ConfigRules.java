package io.tidecast.flink.config;

import static io.tidecast.flink.kafka.KafkaSettings.MAX_REQUEST_SIZE;

import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Delivery;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.source.Stop;
import java.time.Duration;
import java.util.Map;

/** What must hold between keys. A key that was refused by itself breaks no rule here. */
public final class ConfigRules {

  /** Kafka settings that would undo what another key promises. */
  private static final Map<String, String> RESERVED =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "use kafka.bootstrap-servers"),
          Map.entry("group.id", "use source.group-id"),
          Map.entry("client.id", "use job.name"),
          Map.entry("auto.offset.reset", "use source.start"),
          Map.entry("enable.auto.commit", "offsets are committed with checkpoints"),
          Map.entry("transactional.id", "use sink.transactional-id-prefix"),
          Map.entry("transaction.timeout.ms", "use sink.transaction-timeout"),
          Map.entry("enable.idempotence", "use sink.delivery"),
          Map.entry("acks", "use sink.delivery"),
          Map.entry("key.serializer", "the job writes bytes"),
          Map.entry("value.serializer", "the job writes bytes"),
          Map.entry("key.deserializer", "the job reads bytes"),
          Map.entry("value.deserializer", "the job reads bytes"));

  private ConfigRules() {}

  static void check(ConfigValues values) {
    checkProperties(values);
    SeriesRules.check(values);
    Stop stop = values.get(ConfigKeys.STOP);
    boolean ends =
        values.get(ConfigKeys.SOURCE_FORMAT.format) == SourceFormat.Kind.CSV
            || (stop != null && stop.kind() != Stop.Kind.NEVER);
    if (ends) {
      refuseInAnEnd(values, ConfigKeys.REQUESTS_TOPIC);
      refuseInAnEnd(values, ConfigKeys.COVARIATE_TOPIC);
    }
    checkTransactions(values);
  }

  private static void checkTransactions(ConfigValues values) {
    if (values.get(ConfigKeys.DELIVERY) != Delivery.EXACTLY_ONCE) {
      if (values.get(ConfigKeys.ON_LOST_TRANSACTION) == LossPolicy.REPLAY) {
        values.problem(
            "must be left out with sink.delivery=at-least-once, which has no transactions:"
                + " sink.on-lost-transaction=replay");
      }
      return;
    }
    Duration interval = values.get(ConfigKeys.CHECKPOINT_INTERVAL);
    Duration timeout = values.get(ConfigKeys.TRANSACTION_TIMEOUT);
    if (interval != null && timeout != null && timeout.compareTo(interval.multipliedBy(2)) < 0) {
      values.problem(
          "must be at least twice checkpoints.interval, or the broker aborts what a checkpoint is"
              + " about to commit: sink.transaction-timeout=%s, checkpoints.interval=%s"
                  .formatted(timeout, interval));
    }
  }

  /** What goes on for ever; and covariates would be read faster or slower than what needs them. */
  private static void refuseInAnEnd(ConfigValues values, ConfigKey<String> key) {
    if (values.isGiven(key)) {
      values.problem(
          "must not be given in a job that ends by itself: %s=%s"
              .formatted(key.path(), values.get(key)));
    }
  }

  private static void checkProperties(ConfigValues values) {
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
}
