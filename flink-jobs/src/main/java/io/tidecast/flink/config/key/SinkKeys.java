package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.HeaderTypes;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordFraming;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.SubjectNames;
import io.tidecast.flink.sink.Tuning;
import java.util.List;

/** The keys that say how forecasts and dead letters are written. */
public final class SinkKeys {

  public static final ConfigKey<RecordFormat> FORMAT =
      ConfigKey.optional(
          "sink.format",
          ConfigType.oneOf(RecordFormat.class),
          "tidecast",
          "Forecasts are written in this format. `tidecast` is Avro's single-object encoding of Tidecast's own schemas. `json` is one JSON object. `connect-json` is JSON with its schema beside it, which the JsonConverter of Kafka Connect reads. `avro` is Avro's binary encoding and `protobuf` a message of Protobuf. See [read forecasts](how-to/read-forecasts.md).");

  /** Makes of the topic of forecasts that of the shadows' forecasts. */
  public static final String SHADOW_SUFFIX = "-shadow";

  public static final ConfigKey<String> SHADOW_TOPIC =
      ConfigKey.derived(
              "sink.shadow-topic",
              ConfigType.topic(),
              "the `sink.topic` followed by `-shadow`",
              "The job writes the forecasts of shadows to this topic, in the format and layout of all others and with `role` `shadow`. It is used where a model of `models` is a shadow, and where `commands.topic` can make one.")
          .example("meter-forecasts-tried");
  public static final ConfigKey<Tuning> TUNING =
      ConfigKey.optional(
          "sink.tuning",
          ConfigType.oneOf(Tuning.class),
          "throughput",
          "With `throughput`, a forecast waits up to 20 ms in the producer for others that go with it, which costs job and brokers the least. With `latency`, it waits for nothing, and `job.buffer-timeout` is `0ms`. Producers have a `linger.ms` of 20 or 0, and with both a `batch.size` of 256 KiB. What `kafka.producer-properties` or `kafka.properties` say comes first. [Milliseconds](how-to/milliseconds.md) has what else decides.");
  public static final ConfigKey<Layout> LAYOUT =
      ConfigKey.optional(
          "sink.layout",
          ConfigType.oneOf(Layout.class),
          "forecast",
          "With `forecast`, a record is a whole forecast. With `points`, a record is one value of it: one target at one time, which is what a row of a table is.");
  public static final ConfigKey<RecordKey> KEY =
      ConfigKey.optional(
          "sink.key",
          ConfigType.oneOf(RecordKey.class),
          "series",
          "This names what a key of the forecast topic tells apart, and so what a compacted topic keeps the newest record of. With `series` the key is the series, as plain text. With `series-origin` it is one origin of a series. With `series-time` it is one target of a series at one time, and with `series-origin-time` the same seen from one origin. Both are for points. A key other than `series` is a JSON object, and with `connect-json` one with its schema.");
  public static final ConfigKey<JsonTimes> JSON_TIMES =
      ConfigKey.optional(
          "sink.json-times",
          ConfigType.oneOf(JsonTimes.class),
          "iso-8601",
          "The format `json` spells times so, in forecasts and dead letters. `iso-8601` is text in UTC such as `2026-11-20T10:30:00Z`. `epoch-millis` is a number of milliseconds since 1970-01-01T00:00:00Z.");
  public static final ConfigKey<RecordFraming> FRAMING =
      ConfigKey.optional(
          "sink.framing",
          ConfigType.oneOf(RecordFraming.class),
          "none",
          "With `confluent`, forecasts and dead letters of `avro` and `protobuf` name their schema, which is in the registry of `registry.url`: five bytes stand before each record, a zero and the id of the schema. With `none`, there is nothing before a record.");
  public static final ConfigKey<Boolean> REGISTER_SCHEMAS =
      ConfigKey.optional(
          "sink.register-schemas",
          ConfigType.flag(),
          false,
          "With `true`, the job registers the schemas of its forecasts and dead letters when it starts. With `false`, they must be in the registry already, and the start is refused if they are not.");
  public static final ConfigKey<SubjectNames> SUBJECT_NAMES =
      ConfigKey.optional(
          "sink.subject-names",
          ConfigType.oneOf(SubjectNames.class),
          "topic",
          "The registry has the schemas under these subjects. With `topic` it is the topic followed by `-value`. With `record` it is the full name of the record, such as `io.tidecast.schemas.Forecast`, and with `topic-record` the topic, a hyphen and that name.");
  public static final ConfigKey<Boolean> CLOUD_EVENTS =
      ConfigKey.optional(
          "sink.cloud-events",
          ConfigType.flag(),
          false,
          "With `true`, every forecast, point and dead letter has the headers of CloudEvents 1.0 (`ce_id`, `ce_type` and so on, `content-type`). What comes a second time after a failure has the same `ce_id`.");
  public static final ConfigKey<String> CLOUD_EVENTS_SOURCE =
      ConfigKey.derived(
              "sink.cloud-events-source",
              ConfigType.matching(
                  "a URI or the end of one, such as /plants/north",
                  "[A-Za-z0-9\\-._~:/?#\\[\\]@!$&'()*+,;=%]+"),
              "`/tidecast/` and the `job.name`",
              "The header `ce_source` of CloudEvents has this value.")
          .example("//plants.example/north");
  public static final ConfigKey<PassedHeaders> PASS_HEADERS =
      new ConfigKey<>(
          "sink.pass-headers",
          HeaderTypes.passed(),
          "`[traceparent, tracestate]`",
          PassedHeaders.OF_A_TRACE,
          "Forecasts have these headers of the record that they come of: of the last observation of the last cell of the context, or of the request. A `traceparent` that is not of the W3C's form stays behind, and so does a value of more than 512 bytes. With `none` no header is passed on.",
          "[traceparent, tracestate, correlation-id]");
  public static final ConfigKey<RecordFormat> DEAD_LETTER_FORMAT =
      ConfigKey.derived(
          "dead-letters.format",
          ConfigType.oneOf(RecordFormat.class),
          "that of `sink.format`",
          "Dead letters are written in this format: `tidecast`, `json`, `connect-json`, `avro` or `protobuf`, as `sink.format` has them.");

  public static final ConfigKey<String> CELLS_TOPIC =
      ConfigKey.derived(
              "cells.topic",
              ConfigType.topic(),
              "cells are not written",
              "The job writes what it observed to this topic, cell by cell as they close and once more where a late observation changes one, in the format of `sink.format`. Forecasts are made from these values and held against them.")
          .example("cells");

  private SinkKeys() {}

  /** Those of the sink, in the order of the reference page. */
  public static List<ConfigKey<?>> sink() {
    return List.of(
        SHADOW_TOPIC,
        FORMAT,
        LAYOUT,
        KEY,
        JSON_TIMES,
        FRAMING,
        REGISTER_SCHEMAS,
        SUBJECT_NAMES,
        CLOUD_EVENTS,
        CLOUD_EVENTS_SOURCE,
        TUNING,
        PASS_HEADERS);
  }
}
