package io.tidecast.flink.config;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.key.MixtureKeys;
import io.tidecast.flink.config.key.SinkKeys;
import io.tidecast.flink.config.promotion.PromotionKeys;
import io.tidecast.flink.config.schema.RegistryKeys;
import io.tidecast.flink.config.schema.RegistryRules;
import io.tidecast.flink.config.schema.SchemaLookup;
import io.tidecast.flink.config.slot.SlotRules;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordFraming;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SchemaRegistration;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.SinkSchemas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How forecasts and dead letters are written, and what must hold between those keys. */
final class SinkRules {

  /** No buffer that fills within it waits for it, and filling one takes a busy job no longer. */
  private static final Duration USUAL_BUFFER_TIMEOUT = Duration.ofMillis(10);

  private SinkRules() {}

  static void check(ConfigValues values) {
    RecordFormat format = values.get(SinkKeys.FORMAT);
    RecordFormat deadLetters = values.get(SinkKeys.DEAD_LETTER_FORMAT);
    RecordKey key = values.get(SinkKeys.KEY);
    if (key != null && key.isOfPoints() && values.get(SinkKeys.LAYOUT) == Layout.FORECAST) {
      values.problem(
          "must be series or series-origin for records of whole forecasts; for others set sink.layout=points: sink.key=%s"
              .formatted(name(key)));
    }
    boolean json = format == RecordFormat.JSON || deadLetters == RecordFormat.JSON;
    if (values.isGiven(SinkKeys.JSON_TIMES) && format != null && !json) {
      values.problem(
          "must be left out, for no record is plain JSON: sink.json-times=%s; with sink.format=%s times have a type of their own"
              .formatted(name(values.get(SinkKeys.JSON_TIMES)), name(format)));
    }
    checkFraming(values, format, deadLetters);
    if (values.isGiven(SinkKeys.SHADOW_TOPIC)
        && !SlotRules.haveShadow(values)
        && !values.isGiven(CommandKeys.TOPIC)
        && !Boolean.TRUE.equals(values.get(MixtureKeys.SHOW_MEMBERS))) {
      values.problem(
          "must go with a shadow in models, with commands.topic or with mixture.show-members=true: sink.shadow-topic=%s"
              .formatted(values.get(SinkKeys.SHADOW_TOPIC)));
    }
    if (values.isGiven(SinkKeys.CLOUD_EVENTS_SOURCE)
        && Boolean.FALSE.equals(values.get(SinkKeys.CLOUD_EVENTS))) {
      values.problem(
          "must be left out without sink.cloud-events=true: sink.cloud-events-source=%s"
              .formatted(values.get(SinkKeys.CLOUD_EVENTS_SOURCE)));
    }
  }

  private static void checkFraming(
      ConfigValues values, @Nullable RecordFormat format, @Nullable RecordFormat deadLetters) {
    if (values.get(SinkKeys.FRAMING) == RecordFraming.NONE) {
      for (ConfigKey<?> key : List.of(SinkKeys.REGISTER_SCHEMAS, SinkKeys.SUBJECT_NAMES)) {
        if (values.isGiven(key)) {
          values.problem("must go with sink.framing=confluent: %s".formatted(key.path()));
        }
      }
    } else if (values.get(SinkKeys.FRAMING) == RecordFraming.CONFLUENT) {
      if (format != null && !isFramed(format) && (deadLetters == null || !isFramed(deadLetters))) {
        values.problem(
            "must go with sink.format=avro or protobuf, for others name no schema: sink.framing=confluent, sink.format=%s"
                .formatted(name(format)));
      }
      if (values.isMissing(RegistryKeys.URL)) {
        values.problem("must go with registry.url: sink.framing=confluent");
      }
    }
  }

  private static boolean isFramed(RecordFormat format) {
    return format == RecordFormat.AVRO || format == RecordFormat.PROTOBUF;
  }

  private static String name(@Nullable Enum<?> constant) {
    return constant == null ? "" : Spelling.of(constant);
  }

  static SinkSettings.Kafka sink(ConfigValues values) {
    return new SinkSettings.Kafka(
        values.require(ConfigKeys.SINK_TOPIC),
        shadowTopic(values),
        values.require(ConfigKeys.DELIVERY),
        values.require(ConfigKeys.TRANSACTIONAL_ID_PREFIX),
        values.require(ConfigKeys.TRANSACTION_TIMEOUT),
        values.require(ConfigKeys.ON_LOST_TRANSACTION),
        values.require(SinkKeys.LAYOUT),
        values.require(SinkKeys.KEY),
        values.require(SinkKeys.TUNING),
        records(values, values.require(SinkKeys.FORMAT)));
  }

  /** Where forecasts of shadows go; null where there can be none. */
  static @Nullable String shadowTopic(ConfigValues values) {
    String topic = values.get(ConfigKeys.SINK_TOPIC);
    if (!mayHaveShadows(values) || topic == null) {
      return null;
    }
    String given = values.get(SinkKeys.SHADOW_TOPIC);
    return given != null || values.isGiven(SinkKeys.SHADOW_TOPIC)
        ? given
        : topic + SinkKeys.SHADOW_SUFFIX;
  }

  private static boolean mayHaveShadows(ConfigValues values) {
    // A model that loses its place becomes one.
    return SlotRules.haveShadow(values)
        || values.isGiven(SinkKeys.SHADOW_TOPIC)
        || values.isGiven(PromotionKeys.ACTION)
        || Boolean.TRUE.equals(values.get(MixtureKeys.SHOW_MEMBERS));
  }

  /** How long records wait for others on their way from one subtask to another. */
  static Duration bufferTimeout(ConfigValues values) {
    Duration given = values.get(ConfigKeys.BUFFER_TIMEOUT);
    return given != null
        ? given
        : switch (values.require(SinkKeys.TUNING)) {
          case THROUGHPUT -> USUAL_BUFFER_TIMEOUT;
          case LATENCY -> Duration.ZERO;
        };
  }

  /**
   * Dead letters.
   *
   * @param topic of theirs
   */
  static DeadLetterSettings deadLetters(ConfigValues values, String topic) {
    RecordFormat format =
        requireNonNullElse(
            values.get(SinkKeys.DEAD_LETTER_FORMAT), values.require(SinkKeys.FORMAT));
    return new DeadLetterSettings(
        topic,
        values.require(ConfigKeys.MAX_VALUE_BYTES),
        values.require(ConfigKeys.KEEP_LATE_VALUES),
        records(values, format));
  }

  private static RecordSettings records(ConfigValues values, RecordFormat format) {
    return new RecordSettings(
        format,
        values.require(SinkKeys.JSON_TIMES),
        eventSource(values),
        isFramed(format) ? schemas(values) : null);
  }

  private static @Nullable SchemaRegistration schemas(ConfigValues values) {
    return values.require(SinkKeys.FRAMING) == RecordFraming.NONE
        ? null
        : new SchemaRegistration(
            requireNonNull(RegistryRules.settings(values), "registry is null"),
            values.require(SinkKeys.REGISTER_SCHEMAS),
            values.require(SinkKeys.SUBJECT_NAMES));
  }

  /**
   * Holds the schemas of what is written against the registry, which is not changed.
   *
   * @param topics beside those of the forecasts
   */
  static void checkSchemas(
      SinkSettings sink,
      DeadLetterSettings deadLetters,
      SinkSchemas.Topics topics,
      SchemaLookup lookup) {
    if (sink instanceof SinkSettings.Kafka kafka
        && (kafka.records().schemas() != null || deadLetters.records().schemas() != null)) {
      lookup.check(registry -> SinkSchemas.problems(kafka, deadLetters, topics, registry));
    }
  }

  private static @Nullable String eventSource(ConfigValues values) {
    if (!values.require(SinkKeys.CLOUD_EVENTS)) {
      return null;
    }
    String given = values.get(SinkKeys.CLOUD_EVENTS_SOURCE);
    return given == null
        ? "/tidecast/"
            + URLEncoder.encode(values.require(ConfigKeys.JOB_NAME), StandardCharsets.UTF_8)
                .replace("+", "%20")
        : given;
  }
}
