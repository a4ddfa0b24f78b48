package io.tidecast.flink.sink.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.DynamicMessage;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Issuer;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.JsonTimes;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.RecordKey;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.anomalies.Finding;
import io.tidecast.runtime.anomalies.Side;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.scores.Figures;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.ErrorCode;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.AbstractRecords;
import org.apache.kafka.common.record.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written in every format, read by readers of others. */
class RecordFormatsTest {

  /** Its clocks change between the first and the second point. */
  private static final GridStep DAYS = GridStep.of(GridStep.Unit.DAY, ZoneId.of("Europe/Berlin"));

  private static final double[] LEVELS = {0.025, 0.5};

  private static final Instant ORIGIN = Instant.parse("2026-03-27T23:00:00Z");
  private static final Instant ISSUED = Instant.parse("2026-03-28T23:00:00.250Z");
  private static final List<Instant> TIMES =
      List.of(Instant.parse("2026-03-28T23:00:00Z"), Instant.parse("2026-03-29T22:00:00Z"));

  /** One target far from 0, of three steps of which two are wanted. */
  private static final IssuedForecast FORECAST =
      new IssuedForecast(
          "Zähler \"4\"",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli(),
          new Issuer("m", "7", 2, new String[] {"load", "price"}, LEVELS),
          new double[] {1e9, 0},
          new float[] {0.5f, -0.1f, 1, 25.3f, 9, 9},
          new float[] {0, 0.5f, -1, -0.1f, 0, 1, 24, 25.3f, 9, 9, 9, 9},
          3,
          false,
          2,
          2,
          null);

  private static final IssuedForecast FALLBACK =
      new IssuedForecast(
          "a",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli(),
          new Issuer("seasonal-naive", "1", 1, new String[0], new double[0]),
          new float[] {0},
          new float[0],
          0,
          true,
          0,
          1);

  private static final Rejection REFUSED =
      new Rejection(
          ErrorCode.INVALID_FIELD,
          "field must be a number: kwh=\"x\"",
          new RecordOrigin(
              "meters", 3, 42, ISSUED.toEpochMilli(), 2, 7, bytes("k1"), new byte[] {-1, 0, 7}),
          null,
          null,
          ISSUED.toEpochMilli());

  private static final Rejection FAILED =
      new Rejection(
          ErrorCode.INFERENCE_FAILED,
          "why",
          null,
          "a",
          ORIGIN.toEpochMilli(),
          ISSUED.toEpochMilli());

  private static final ForecastScore SCORE =
      new ForecastScore(
          "Zähler \"4\"",
          ORIGIN.toEpochMilli(),
          "m",
          "7",
          "load",
          1,
          2,
          new Figures(12, 0.5, 0.75, 0.875, 0.9, 0.1, -0.25, 11, 0.6, 0.7, 0.2, 0.4, 1, 3),
          new Figures(
              3.5,
              0.25,
              0.5,
              Double.NaN,
              Double.NaN,
              0,
              0,
              0,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              0.25,
              Double.NaN,
              Double.NaN),
          ForecastRole.MEMBER,
          0.25);

  private static final ClosedCell CELL =
      new ClosedCell("Zähler \"4\"", ORIGIN.toEpochMilli(), new double[] {0.5, Double.NaN}, true);

  private static final Anomaly ANOMALY = anomaly(Finding.Kind.ANOMALY, Double.NaN, Double.NaN);

  private static final Anomaly SHIFT = anomaly(Finding.Kind.LEVEL_SHIFT, 4.5, 8.25);

  private static Anomaly anomaly(Finding.Kind kind, double before, double after) {
    return anomaly(
        kind, 8.5, new Anomaly.Run(2, 3, TIMES.get(0).toEpochMilli(), before, after), 0, false);
  }

  private static Anomaly anomaly(
      Finding.Kind kind, double value, Anomaly.Run run, int revision, boolean withdrawn) {
    return new Anomaly(
        "Zähler \"4\"",
        "load",
        TIMES.get(1).toEpochMilli(),
        kind,
        Side.ABOVE,
        value,
        4.5,
        new Anomaly.Interval(4, 6.5, 0.998),
        2,
        run,
        new Anomaly.Source(ORIGIN.toEpochMilli(), 2, "m", "7"),
        revision,
        withdrawn);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(RecordFormat.values())
        .flatMap(
            format ->
                Stream.of(RecordKind.values())
                    .filter(kind -> format != RecordFormat.AVRO)
                    .map(kind -> arguments(format, kind)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldWriteTheKeptBytes(RecordFormat format, RecordKind kind) throws Exception {
    String name =
        "%s-%s.%s"
            .formatted(name(kind), name(format), format.name().endsWith("JSON") ? "json" : "bin");
    try (InputStream kept = getClass().getResourceAsStream(name)) {
      assertThat(kept).as(name).isNotNull();
      assertThat(values(format, kind).get(0)).isEqualTo(kept.readAllBytes());
    }
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsAWholeForecast(RecordFormat format) throws Exception {
    Map<String, Object> read =
        Readers.of(format, RecordKind.FORECAST, values(format, RecordKind.FORECAST).get(0));

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("series", "Zähler \"4\"");
    expected.put("origin", ORIGIN);
    expected.put("issuedAt", ISSUED);
    expected.put("stepMillis", 86_400_000L);
    expected.put("horizon", 2L);
    expected.put("modelId", "m");
    expected.put("modelVersion", "7");
    expected.put("channels", 2L);
    expected.put("targets", List.of("load", "price"));
    expected.put("points", List.of(1000000000.5, (double) -0.1f, 1000000001.0, (double) 25.3f));
    expected.put("quantileLevels", List.of(0.025, 0.5));
    expected.put(
        "quantiles",
        List.of(1e9, 1000000000.5, -1.0, (double) -0.1f, 1e9, 1000000001.0, 24.0, (double) 25.3f));
    expected.put("filledCells", 3L);
    expected.put("fallback", false);
    expected.put("revision", 2L);
    expected.put("role", "primary");
    expected.put("weight", null);
    assertThat(read).containsExactlyEntriesOf(expected);
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsPoints(RecordFormat format) throws Exception {
    List<Map<String, Object>> read = new ArrayList<>();
    for (byte[] value : values(format, RecordKind.POINT)) {
      read.add(Readers.of(format, RecordKind.POINT, value));
    }

    assertThat(read).hasSize(5);
    assertThat(read.stream().limit(4).map(one -> one.get("target")))
        .containsExactly("load", "price", "load", "price");
    assertThat(read.stream().limit(4).map(one -> one.get("time")))
        .containsExactly(TIMES.get(0), TIMES.get(0), TIMES.get(1), TIMES.get(1));
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("series", "Zähler \"4\"");
    expected.put("target", "price");
    expected.put("origin", ORIGIN);
    expected.put("time", TIMES.get(1));
    expected.put("lead", 2L);
    expected.put("value", (double) 25.3f);
    if (format == RecordFormat.JSON || format == RecordFormat.CONNECT_JSON) {
      expected.put("q2_5", 24.0);
      expected.put("q50", (double) 25.3f);
    } else {
      expected.put("quantileLevels", List.of(0.025, 0.5));
      expected.put("quantiles", List.of(24.0, (double) 25.3f));
    }
    expected.put("modelId", "m");
    expected.put("modelVersion", "7");
    expected.put("issuedAt", ISSUED);
    expected.put("filledCells", 3L);
    expected.put("fallback", false);
    expected.put("revision", 2L);
    expected.put("role", "primary");
    expected.put("weight", null);
    assertThat(read.get(3)).containsExactlyEntriesOf(expected);
    // The baseline gives no quantiles, and this one no names.
    assertThat(read.get(4)).containsEntry("target", "0").containsEntry("fallback", true);
    assertThat(read.get(4).get("value")).isEqualTo(0.0);
    if (expected.containsKey("q50")) {
      assertThat(read.get(4)).containsEntry("q50", null);
    } else {
      assertThat(read.get(4)).containsEntry("quantiles", List.of());
    }
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsScores(RecordFormat format) throws Exception {
    Map<String, Object> read =
        Readers.of(format, RecordKind.SCORE, values(format, RecordKind.SCORE).get(0));
    assertThat(read)
        .containsEntry("series", "Zähler \"4\"")
        .containsEntry("target", "load")
        .containsEntry("modelId", "m")
        .containsEntry("firstLead", 1L)
        .containsEntry("lastLead", 2L)
        .containsEntry("count", 12L)
        .containsEntry("mae", 0.5)
        .containsEntry("mase", 0.875)
        .containsEntry("bias", -0.25)
        .containsEntry("coverage", 1.0)
        .containsEntry("width", 3.0)
        .containsEntry("recentCount", 3.5)
        .containsEntry("recentCrps", 0.25)
        .containsEntry("role", "member")
        .containsEntry("weight", 0.25);
    for (String unknown : List.of("recentMase", "recentNaiveMae", "recentPinball", "recentWidth")) {
      assertThat(read.get(unknown)).as(unknown).isNull();
    }
  }

  @Test
  void shouldBeReadAsTheGeneratedScore() throws Exception {
    io.tidecast.schemas.ForecastScore read =
        AvroCodec.forecastScores().decode(values(RecordFormat.TIDECAST, RecordKind.SCORE).get(0));
    assertThat(read.getTime()).isEqualTo(ORIGIN);
    assertThat(read.getNaiveCount()).isEqualTo(11);
    assertThat(read.getRmsse()).isEqualTo(0.9);
    assertThat(read.getRecentCoverage()).isNull();
  }

  @Test
  void shouldWriteScoresUnderTheirSeriesToTheirTopic() throws Exception {
    ProducerRecord<byte[], byte[]> record = scores(settings(RecordFormat.JSON)).get(0);
    assertThat(record.topic()).isEqualTo("scores");
    assertThat(record.key()).isEqualTo("Zähler \"4\"".getBytes(StandardCharsets.UTF_8));
    assertThat(headers(record)).isEmpty();
    record = scores(new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/here")).get(0);
    assertThat(headers(record))
        .contains(
            "ce_type=io.tidecast.forecast-score",
            "ce_id=Zähler \"4\"/load/%s/m/7/2".formatted(ORIGIN),
            "ce_source=/here");
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsCells(RecordFormat format) throws Exception {
    List<byte[]> values = values(format, RecordKind.CELL);

    assertThat(values).hasSize(2);
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("series", "Zähler \"4\"");
    expected.put("target", "load");
    expected.put("time", ORIGIN);
    expected.put("value", 0.5);
    expected.put("correction", true);
    assertThat(Readers.of(format, RecordKind.CELL, values.get(0)))
        .containsExactlyEntriesOf(expected);
    expected.put("target", "price");
    expected.put("value", null);
    assertThat(Readers.of(format, RecordKind.CELL, values.get(1)))
        .containsExactlyEntriesOf(expected);
  }

  @Test
  void shouldWriteCellsUnderTheirSeriesToTheirTopic() throws Exception {
    ProducerRecord<byte[], byte[]> record =
        cells(new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/here")).get(0);
    assertThat(record.topic()).isEqualTo("cells");
    assertThat(record.key()).isEqualTo("Zähler \"4\"".getBytes(StandardCharsets.UTF_8));
    assertThat(headers(record))
        .contains(
            "ce_type=io.tidecast.cell",
            "ce_id=Zähler \"4\"/load/%s/0.5".formatted(ORIGIN),
            "ce_source=/here");
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsAnomalies(RecordFormat format) throws Exception {
    List<byte[]> values = values(format, RecordKind.ANOMALY);

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("series", "Zähler \"4\"");
    expected.put("target", "load");
    expected.put("time", TIMES.get(1));
    expected.put("kind", "anomaly");
    expected.put("direction", "above");
    expected.put("value", 8.5);
    expected.put("expected", 4.5);
    expected.put("lower", 4.0);
    expected.put("upper", 6.5);
    expected.put("level", 0.998);
    expected.put("score", 2.0);
    expected.put("outside", 2L);
    expected.put("among", 3L);
    expected.put("since", TIMES.get(0));
    expected.put("levelBefore", null);
    expected.put("levelAfter", null);
    expected.put("origin", ORIGIN);
    expected.put("lead", 2L);
    expected.put("modelId", "m");
    expected.put("modelVersion", "7");
    expected.put("withdrawn", false);
    assertThat(Readers.of(format, RecordKind.ANOMALY, values.get(0)))
        .containsExactlyEntriesOf(expected);
    assertThat(Readers.of(format, RecordKind.ANOMALY, values.get(1)))
        .containsEntry("kind", "level-shift")
        .containsEntry("levelBefore", 4.5)
        .containsEntry("levelAfter", 8.25);
  }

  @Test
  void shouldBeReadAsTheGeneratedAnomaly() throws Exception {
    io.tidecast.schemas.Anomaly read =
        AvroCodec.anomalies().decode(values(RecordFormat.TIDECAST, RecordKind.ANOMALY).get(0));
    assertThat(read.getTime()).isEqualTo(TIMES.get(1));
    assertThat(read.getLevelAfter()).isNull();
    assertThat(read.getScore()).isEqualTo(2);
  }

  @Test
  void shouldWriteAnomaliesUnderTheirSeriesToTheirTopic() throws Exception {
    ProducerRecord<byte[], byte[]> record =
        anomalies(new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/here")).get(0);
    assertThat(record.topic()).isEqualTo("strange");
    assertThat(record.key()).isEqualTo("Zähler \"4\"".getBytes(StandardCharsets.UTF_8));
    assertThat(headers(record))
        .contains(
            "ce_type=io.tidecast.anomaly",
            "ce_id=Zähler \"4\"/load/%s/anomaly/8.5".formatted(TIMES.get(1)),
            "ce_source=/here");
  }

  @Test
  void shouldTellTheEventsOfAnAnomalyApart() throws Exception {
    Anomaly.Run run = ANOMALY.run();
    Finding.Kind kind = Finding.Kind.ANOMALY;
    List<String> ids = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> one :
        anomalies(
            new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/here"),
            ANOMALY,
            anomaly(kind, 18, run, 1, false),
            anomaly(kind, 5, run, 2, true),
            anomaly(kind, 8.5, run, 3, false),
            anomaly(kind, 5, run, 4, true),
            ANOMALY)) {
      ids.add(new String(one.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
    }
    String name = "Zähler \"4\"/load/%s/anomaly/".formatted(TIMES.get(1));
    assertThat(ids)
        .containsExactly(
            name + "8.5",
            name + "18.0/1",
            name + "5.0/2/withdrawn",
            name + "8.5/3",
            name + "5.0/4/withdrawn",
            name + "8.5");
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldBeReadAsDeadLetters(RecordFormat format) throws Exception {
    List<byte[]> values = values(format, RecordKind.DEAD_LETTER);

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("reason", "invalid-field");
    expected.put("detail", "field must be a number: kwh=\"x\"");
    expected.put("topic", "meters");
    expected.put("partition", 3L);
    expected.put("offset", 42L);
    expected.put("timestamp", ISSUED);
    expected.put("series", null);
    expected.put("time", null);
    expected.put("key", format == RecordFormat.JSON ? "k1" : "azE=");
    expected.put("keyLength", 2L);
    expected.put(format == RecordFormat.JSON ? "valueBase64" : "value", "/wAH");
    expected.put("valueLength", 7L);
    expected.put("rejectedAt", ISSUED);
    assertThat(Readers.of(format, RecordKind.DEAD_LETTER, values.get(0)))
        .containsExactlyEntriesOf(expected);
    assertThat(Readers.of(format, RecordKind.DEAD_LETTER, values.get(1)))
        .containsEntry("reason", "inference-failed")
        .containsEntry("series", "a")
        .containsEntry("time", ORIGIN)
        .containsEntry("topic", null)
        .containsEntry("offset", null)
        .containsEntry("value", null)
        .containsEntry("valueLength", 0L);
  }

  @Test
  void shouldSpellTimesInJsonAsNumbersWhereThatIsAskedFor() throws Exception {
    RecordSettings settings = new RecordSettings(RecordFormat.JSON, JsonTimes.EPOCH_MILLIS, null);
    byte[] value = forecasts(Layout.FORECAST, RecordKey.SERIES, settings, FORECAST).get(0).value();
    assertThat(new String(value, StandardCharsets.UTF_8))
        .contains("\"origin\":%d,".formatted(ORIGIN.toEpochMilli()));
  }

  @Test
  void shouldNameInTheKeyWhatACompactedTopicKeeps() throws Exception {
    assertThat(key(RecordKey.SERIES, RecordFormat.JSON)).isEqualTo("Zähler \"4\"");
    assertThat(key(RecordKey.SERIES_ORIGIN, RecordFormat.JSON))
        .isEqualTo("{\"series\":\"Zähler \\\"4\\\"\",\"origin\":\"2026-03-27T23:00:00Z\"}");
    assertThat(key(RecordKey.SERIES_TIME, RecordFormat.AVRO))
        .isEqualTo(
            "{\"series\":\"Zähler"
                + " \\\"4\\\"\",\"target\":\"load\",\"time\":\"2026-03-28T23:00:00Z\"}");
    Map<String, Object> connect =
        Readers.connect(
            key(RecordKey.SERIES_ORIGIN_TIME, RecordFormat.CONNECT_JSON)
                .getBytes(StandardCharsets.UTF_8));
    assertThat(connect)
        .isEqualTo(
            Map.of(
                "series",
                "Zähler \"4\"",
                "target",
                "load",
                "time",
                TIMES.get(0),
                "origin",
                ORIGIN));
  }

  private static String key(RecordKey key, RecordFormat format) throws Exception {
    byte[] bytes = forecasts(Layout.POINTS, key, settings(format), FORECAST).get(0).key();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void shouldCarryTheHeadersOfCloudEvents() throws Exception {
    RecordSettings settings = new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/plant");
    assertThat(headers(forecasts(Layout.POINTS, RecordKey.SERIES, settings, FORECAST).get(3)))
        .containsExactly(
            "ce_specversion=1.0",
            "ce_id=Zähler \"4\"/2026-03-27T23:00:00Z/2/m/7/price/2026-03-29T22:00:00Z",
            "ce_source=/plant",
            "ce_type=io.tidecast.forecast-point",
            "ce_time=2026-03-28T23:00:00.250Z",
            "ce_subject=Zähler \"4\"",
            "content-type=application/json");
    assertThat(headers(forecasts(Layout.FORECAST, RecordKey.SERIES, settings, FORECAST).get(0)))
        .contains("ce_id=Zähler \"4\"/2026-03-27T23:00:00Z/2/m/7", "ce_type=io.tidecast.forecast");
    assertThat(headers(deadLetters(settings).get(0)))
        .contains("ce_id=meters/3/42/invalid-field", "ce_type=io.tidecast.dead-letter");
    assertThat(headers(deadLetters(settings).get(1)))
        .contains("ce_id=a/2026-03-27T23:00:00Z/inference-failed", "ce_subject=a");
  }

  @Test
  void shouldPassOnTheHeadersOfATraceInEveryLayout() throws Exception {
    RecordHeaders of = new RecordHeaders();
    of.add("traceparent", bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    of.add("tracestate", bytes("a=1"));
    of.add("correlation-id", new byte[] {1});
    PassedHeaders names = new PassedHeaders(List.of("traceparent", "tracestate", "correlation-id"));
    IssuedForecast traced = passing(FORECAST, names.of(of, (name, why) -> {}));
    String[] passed = {
      "traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "tracestate=a=1",
      "correlation-id=\u0001"
    };
    RecordSettings events = new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/plant");
    for (Layout layout : Layout.values()) {
      for (RecordFormat format : RecordFormat.values()) {
        List<ProducerRecord<byte[], byte[]>> records =
            forecasts(layout, RecordKey.SERIES, settings(format), traced);
        assertThat(records).allSatisfy(one -> assertThat(headers(one)).containsExactly(passed));
      }
      assertThat(forecasts(layout, RecordKey.SERIES, events, traced))
          .allSatisfy(
              one ->
                  assertThat(headers(one))
                      .contains(passed)
                      .contains("ce_" + passed[0], "ce_" + passed[1])
                      .hasSize(7 + 5));
    }
  }

  @Test
  void shouldPassThemOnToTheDeadLetterOfAForecastThatFailed() throws Exception {
    RecordHeaders of = new RecordHeaders();
    of.add("traceparent", bytes("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    ForecastTask task =
        new ForecastTask("a", ORIGIN.toEpochMilli(), new float[0], 0, 0)
            .passing(PassedHeaders.OF_A_TRACE.of(of, (name, why) -> {}));
    Rejection failed = Rejection.of(ErrorCode.INFERENCE_FAILED, "why", task, ISSUED.toEpochMilli());
    String passed = "traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    RecordSettings events = new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/plant");
    assertThat(headers(deadLetters(settings(RecordFormat.AVRO), failed).get(0)))
        .containsExactly(passed);
    assertThat(headers(deadLetters(events, failed).get(0)))
        .contains(passed, "ce_" + passed, "ce_type=io.tidecast.dead-letter");
  }

  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldWriteShadowsToATopicOfTheirOwnAndSayTheirRole(RecordFormat format) throws Exception {
    for (Layout layout : Layout.values()) {
      RecordKind kind = SinkSchemas.kind(layout);
      for (ProducerRecord<byte[], byte[]> one :
          shadows(layout, settings(format), ForecastRole.SHADOW)) {
        assertThat(one.topic()).isEqualTo("out-shadow");
        assertThat(Readers.of(format, kind, one.value())).containsEntry("role", "shadow");
      }
      for (ProducerRecord<byte[], byte[]> one :
          forecasts(layout, RecordKey.SERIES, settings(format), as(ForecastRole.PRIMARY))) {
        assertThat(one.topic()).isEqualTo("out");
        assertThat(Readers.of(format, kind, one.value())).containsEntry("role", "primary");
      }
    }
  }

  @Test
  void shouldTellTheEventsOfAShadowFromThoseOfThePrimary() throws Exception {
    RecordSettings events = new RecordSettings(RecordFormat.JSON, JsonTimes.ISO_8601, "/plant");
    for (Layout layout : Layout.values()) {
      Set<String> ids = new HashSet<>();
      int records = 0;
      for (ForecastRole role : ForecastRole.values()) {
        for (ProducerRecord<byte[], byte[]> one :
            role != ForecastRole.PRIMARY
                ? shadows(layout, events, role)
                : forecasts(layout, RecordKey.SERIES, events, as(role))) {
          ids.add(new String(one.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8));
          records++;
        }
      }
      assertThat(ids).as(layout.name()).hasSize(records);
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> shadows(
      Layout layout, RecordSettings settings, ForecastRole role) throws Exception {
    return WrittenRecords.of(
        ForecastRecords.ofShadows(
            WrittenRecords.sink("out", layout, RecordKey.SERIES, settings), DAYS, LEVELS),
        new TestingMetrics(),
        as(role));
  }

  private static IssuedForecast as(ForecastRole role) {
    return new IssuedForecast(
        FORECAST.series(),
        FORECAST.originMillis(),
        FORECAST.issuedAtMillis(),
        FORECAST.issuer(),
        FORECAST.bases(),
        FORECAST.points(),
        FORECAST.quantiles(),
        FORECAST.filledCells(),
        FORECAST.fallback(),
        FORECAST.revision(),
        FORECAST.horizon(),
        null,
        role);
  }

  private static IssuedForecast passing(IssuedForecast forecast, byte[] passed) {
    return new IssuedForecast(
        forecast.series(),
        forecast.originMillis(),
        forecast.issuedAtMillis(),
        forecast.issuer(),
        forecast.bases(),
        forecast.points(),
        forecast.quantiles(),
        forecast.filledCells(),
        forecast.fallback(),
        forecast.revision(),
        forecast.horizon(),
        passed);
  }

  @Test
  void shouldGiveDeadLettersTheHeadersOfTheirRecord() throws Exception {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", bytes("00-1-2-01"));
    headers.add("content-type", bytes("text/plain"));
    headers.add("ce_id", bytes("7"));
    headers.add("large", new byte[5_000]);
    headers.add("nothing", null);
    headers.add("traceparent", bytes("again"));
    SourceRecord source = new SourceRecord("o", 3, 42, 17, null, bytes("bad"));
    Rejection rejection = Rejection.of(ErrorCode.MALFORMED, "why", source.whole(100, headers), 0);

    ProducerRecord<byte[], byte[]> record =
        WrittenRecords.of(
                new DeadLetterRecords(new DeadLetterSettings("dlq", 1_000, false)),
                new TestingMetrics(),
                rejection)
            .get(0);

    assertThat(headers(record))
        .containsExactly(
            "traceparent=00-1-2-01",
            "original.content-type=text/plain",
            "original.ce_id=7",
            "nothing=null",
            "traceparent=again",
            "tidecast.headers-left-out=1");
  }

  /** However a value is spelt in JSON, its dead letter fits where the value was to fit. */
  @ParameterizedTest
  @EnumSource(RecordFormat.class)
  void shouldKeepTheLargestDeadLetterWithinItsBounds(RecordFormat format) throws Exception {
    int max = 100_000;
    byte[] control = new byte[2 * max];
    byte[] quotes = "\"".repeat(2 * max).getBytes(StandardCharsets.UTF_8);
    byte[] wide = "\u20ac\ud83c\udf0a".repeat(max).getBytes(StandardCharsets.UTF_8);
    byte[] binary = new byte[2 * max];
    Arrays.fill(binary, (byte) 0xFE);
    for (byte[] value : List.of(control, quotes, wide, binary)) {
      RecordHeaders headers = new RecordHeaders();
      headers.add("h", new byte[4_000]);
      SourceRecord source = new SourceRecord("t".repeat(249), 9, 1L << 60, 17, value, value);
      Rejection rejection =
          Rejection.of(ErrorCode.MALFORMED, "\u20ac".repeat(2_000), source.whole(max, headers), 0)
              .about("\u20ac".repeat(255), 0L);
      DeadLetterSettings settings = new DeadLetterSettings("dlq", max, false, settings(format));
      ProducerRecord<byte[], byte[]> record =
          WrittenRecords.of(new DeadLetterRecords(settings), new TestingMetrics(), rejection)
              .get(0);
      assertThat(
              AbstractRecords.estimateSizeInBytesUpperBound(
                  (byte) 2,
                  CompressionType.NONE,
                  record.key(),
                  record.value(),
                  record.headers().toArray()))
          .isLessThanOrEqualTo(settings.maxRecordBytes());
      assertThat(record.value().length).isGreaterThan(max * 9 / 10);
      assertThat(Readers.of(format, RecordKind.DEAD_LETTER, record.value()))
          .containsEntry("valueLength", (long) value.length);
    }
  }

  private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
    List<String> headers = new ArrayList<>();
    record
        .headers()
        .forEach(
            header ->
                headers.add(
                    header.key()
                        + "="
                        + (header.value() == null
                            ? null
                            : new String(header.value(), StandardCharsets.UTF_8))));
    return headers;
  }

  /** The field numbers of the published files are those that the descriptors here have. */
  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void shouldPublishTheFieldsThatAreWritten(RecordKind kind) throws Exception {
    String file =
        switch (kind) {
          case POINT -> "forecast-point";
          case SCORE -> "forecast-score";
          case FORECAST, CELL, ANOMALY, DEAD_LETTER -> name(kind);
        };
    String proto;
    try (InputStream in =
        io.tidecast.schemas.Forecast.class.getResourceAsStream(
            "/io/tidecast/schemas/" + file + ".proto")) {
      proto = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> published =
        proto
            .lines()
            .map(String::strip)
            .filter(line -> line.matches("[a-zA-Z0-9. ]+ [a-z_]+ = \\d+;"))
            .map(line -> line.substring(line.lastIndexOf(' ', line.indexOf(" =") - 1) + 1))
            .toList();
    List<String> known =
        DynamicMessage.getDefaultInstance(Readers.descriptor(kind))
            .getDescriptorForType()
            .getFields()
            .stream()
            .map(field -> field.getName() + " = " + field.getNumber() + ";")
            .toList();
    assertThat(published).isEqualTo(known).hasSameSizeAs(kind.schema().getFields());
  }

  private static List<byte[]> values(RecordFormat format, RecordKind kind) throws Exception {
    RecordSettings settings = settings(format);
    List<ProducerRecord<byte[], byte[]>> records =
        switch (kind) {
          case FORECAST -> forecasts(Layout.FORECAST, RecordKey.SERIES, settings, FORECAST);
          case POINT -> forecasts(Layout.POINTS, RecordKey.SERIES, settings, FORECAST, FALLBACK);
          case SCORE -> scores(settings);
          case CELL -> cells(settings);
          case ANOMALY -> anomalies(settings);
          case DEAD_LETTER -> deadLetters(settings);
        };
    return records.stream().map(ProducerRecord::value).toList();
  }

  private static List<ProducerRecord<byte[], byte[]>> forecasts(
      Layout layout, RecordKey key, RecordSettings settings, IssuedForecast... forecasts)
      throws Exception {
    return WrittenRecords.of(
        new ForecastRecords(WrittenRecords.sink("out", layout, key, settings), DAYS, LEVELS),
        new TestingMetrics(),
        forecasts);
  }

  private static List<ProducerRecord<byte[], byte[]>> scores(RecordSettings settings)
      throws Exception {
    return WrittenRecords.of(
        new ScoreRecords(
            "scores",
            WrittenRecords.sink("out", Layout.FORECAST, RecordKey.SERIES_ORIGIN, settings)),
        new TestingMetrics(),
        SCORE);
  }

  private static List<ProducerRecord<byte[], byte[]>> cells(RecordSettings settings)
      throws Exception {
    return WrittenRecords.of(
        new CellRecords(
            "cells",
            List.of("load", "price"),
            WrittenRecords.sink("out", Layout.FORECAST, RecordKey.SERIES_ORIGIN, settings)),
        new TestingMetrics(),
        CELL);
  }

  private static List<ProducerRecord<byte[], byte[]>> anomalies(RecordSettings settings)
      throws Exception {
    return anomalies(settings, ANOMALY, SHIFT);
  }

  private static List<ProducerRecord<byte[], byte[]>> anomalies(
      RecordSettings settings, Anomaly... anomalies) throws Exception {
    return WrittenRecords.of(
        new AnomalyRecords(
            "strange",
            WrittenRecords.sink("out", Layout.FORECAST, RecordKey.SERIES_ORIGIN, settings)),
        new TestingMetrics(),
        anomalies);
  }

  private static List<ProducerRecord<byte[], byte[]>> deadLetters(RecordSettings settings)
      throws Exception {
    return deadLetters(settings, REFUSED, FAILED);
  }

  private static List<ProducerRecord<byte[], byte[]>> deadLetters(
      RecordSettings settings, Rejection... rejections) throws Exception {
    return WrittenRecords.of(
        new DeadLetterRecords(new DeadLetterSettings("dlq", 1_000, false, settings)),
        new TestingMetrics(),
        rejections);
  }

  private static RecordSettings settings(RecordFormat format) {
    return new RecordSettings(format, JsonTimes.ISO_8601, null);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
