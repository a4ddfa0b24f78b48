package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.KeptHeaders;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.PassedOver;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.schemas.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParseMeasurementsTest {

  private static final long HOUR = 3_600_000;

  private final ParseMeasurements parser =
      Samples.closedParser(
          Samples.config(
              "series: {step: 1s, channels: 2}", "dead-letters: {max-value-bytes: 100}"));

  @BeforeEach
  void open() {
    parser.open(null);
  }

  @Test
  void shouldAcceptAGoodObservation() {
    SourceRecord source = Samples.source(Samples.observation("a", 1_234, 1.5, null));

    Measurement measurement = parser.parse(source, Samples.NO_HEADERS).get(0).accepted();

    assertThat(measurement.series()).isEqualTo("a");
    assertThat(measurement.timeMillis()).isEqualTo(1_234);
    assertThat(measurement.values()).containsExactly(1.5f, Float.NaN);
    assertThat(measurement.source()).as("its bytes stay behind").isEqualTo(source.origin());
    assertThat(measurement.source().isBehind()).isTrue();
  }

  @Test
  void shouldKeepTheBytesWhereLateRecordsNeedThem() {
    ParseMeasurements keeping =
        Samples.parser(
            Samples.config(
                "series: {step: 1s, channels: 2}",
                "dead-letters: {max-value-bytes: 20, keep-late-values: true}"));
    byte[] value = Samples.observation("a", 1_234, 1.5, null);
    assertThat(value).hasSizeGreaterThan(20);

    RecordOrigin kept =
        keeping.parse(Samples.source(value), Samples.NO_HEADERS).get(0).accepted().source();

    assertThat(kept.valueLength()).isEqualTo(value.length);
    assertThat(kept.value()).isEqualTo(Arrays.copyOf(value, 20));
    assertThat(kept.key()).containsExactly(1, 2);
    assertThat(kept.isBehind()).isFalse();
  }

  @Test
  void shouldPassOnTheTraceOfARecordAndCountWhatIsNone() {
    TestingMetrics metrics = new TestingMetrics();
    ParseMeasurements counting =
        Samples.closedParser(Samples.config("series: {step: 1s, channels: 2}"));
    counting.open(
        new InitializationContext() {
          @Override
          public MetricGroup getMetricGroup() {
            return metrics;
          }

          @Override
          public UserCodeClassLoader getUserCodeClassLoader() {
            throw new UnsupportedOperationException();
          }
        });
    SourceRecord source = Samples.source(Samples.observation("a", 1_234, 1.5, null));
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", "00-1-2-01".getBytes(StandardCharsets.UTF_8));
    assertThat(counting.parse(source, headers).get(0).accepted().source().passed()).isNull();
    assertThat(metrics.count("tidecast.refusedHeaders")).isEqualTo(1);

    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    headers.add("traceparent", trace.getBytes(StandardCharsets.UTF_8));
    byte[] passed = counting.parse(source, headers).get(0).accepted().source().passed();
    KeptHeaders.unpack(
        passed,
        (name, value) ->
            assertThat(name + "=" + new String(value, StandardCharsets.UTF_8))
                .isEqualTo("traceparent=" + trace));
    assertThat(passed).isNotNull();
    assertThat(metrics.count("tidecast.refusedHeaders")).isEqualTo(1);
  }

  @Test
  void shouldPassOverATombstoneAndRejectAnEmptyValue() {
    ParsedMeasurement tombstone = parse(null);
    assertThat(tombstone.rejection()).isNull();
    assertThat(tombstone.passedOver()).isEqualTo(new PassedOver(PassedOver.Reason.TOMBSTONE, 1));
    assertRejected(new byte[0], ErrorCode.MALFORMED);
  }

  @Test
  void shouldRejectEveryTruncation() {
    byte[] whole = Samples.observation("a", 1_234, 1.5, null);
    for (int length = 0; length < whole.length; length++) {
      assertRejected(Arrays.copyOf(whole, length), ErrorCode.MALFORMED);
    }
  }

  @Test
  void shouldRejectRandomBytes() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      assertRejected(bytes, ErrorCode.MALFORMED);
    }
  }

  @Test
  void shouldRejectAnUnknownFingerprint() {
    byte[] bytes = Samples.observation("a", 1_234, 1.5, null);
    bytes[5]++;
    assertRejected(bytes, ErrorCode.UNKNOWN_SCHEMA);
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        1e39,
        -Double.MAX_VALUE
      })
  void shouldRejectValuesThatAreNotFinite(double value) {
    Rejection rejection =
        assertRejected(Samples.observation("a", 0, 1.0, value), ErrorCode.NON_FINITE_VALUE);
    assertThat(rejection.detail()).contains("values[1]=" + value);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        253_402_300_799_000L,
        -70_000_000_000_000L,
      })
  void shouldRejectAbsurdTimes(long timeMillis) {
    assertRejected(Samples.observation("a", timeMillis, 1.0, 2.0), ErrorCode.TIME_OUT_OF_RANGE);
  }

  @Test
  void shouldTakeTheClockForTheLimitOfTheFuture() {
    assertThat(parse(Samples.observation("a", Samples.NOW + HOUR, 1.0, 2.0)).rejection()).isNull();
    assertRejected(
        Samples.observation("a", Samples.NOW + HOUR + 1, 1.0, 2.0), ErrorCode.TIME_OUT_OF_RANGE);
  }

  @Test
  void shouldAcceptTimesBefore1970() {
    assertThat(parse(Samples.observation("a", -1, 1.0, 2.0)).accepted().timeMillis()).isEqualTo(-1);
  }

  @Test
  void shouldRejectAnotherNumberOfChannels() {
    assertRejected(Samples.observation("a", 0), ErrorCode.WRONG_CHANNEL_COUNT);
    assertRejected(Samples.observation("a", 0, 1.0), ErrorCode.WRONG_CHANNEL_COUNT);
    assertRejected(Samples.observation("a", 0, 1.0, 2.0, 3.0), ErrorCode.WRONG_CHANNEL_COUNT);
  }

  @Test
  void shouldRejectASeriesWithoutAName() {
    assertRejected(Samples.observation("", 0, 1.0, 2.0), ErrorCode.INVALID_SERIES);
    assertRejected(Samples.observation(" \t", 0, 1.0, 2.0), ErrorCode.INVALID_SERIES);
    assertRejected(Samples.observation("a".repeat(256), 0, 1.0, 2.0), ErrorCode.INVALID_SERIES);
    assertThat(parse(Samples.observation("a".repeat(255), 0, 1.0, 2.0)).rejection()).isNull();
  }

  @Test
  void shouldTellWhatIsKnownOfSeriesAndTime() {
    ParseMeasurements ofJson =
        Samples.parser(
            Samples.config(
                "source: {format: json, mapping: {each: r, series: s, time: t, values: v}}"));
    assertThat(known(ofJson, "{'r': [{'s': 'a', 't': 7000, 'v': 'x'}]}")).isEqualTo("a 7000");
    assertThat(known(ofJson, "{'r': [{'s': 'a', 't': 'soon', 'v': 1}]}")).isEqualTo("a null");
    assertThat(known(ofJson, "{'r': [{'t': 7000, 'v': 1}]}")).isEqualTo("null 7000");
    assertThat(known(ofJson, "{'r': [{'s': ' ', 't': 7000, 'v': 1}]}")).isEqualTo("null 7000");
    assertThat(known(ofJson, "{'r': [{'s': ' ', 't': 7000, 'v': 'x'}]}")).isEqualTo("null 7000");
    assertThat(known(ofJson, "no")).isEqualTo("null null");
    assertThat(
            known(
                ofJson,
                "{'r': [{'s': 'a', 't': 7000, 'v': 'x'}, {'s': 'a', 't': 8000, 'v': 'x'}]}"))
        .as("two of one series")
        .isEqualTo("a null");
    Rejection wrongCount =
        assertRejected(Samples.observation("a", 5, 1.0), ErrorCode.WRONG_CHANNEL_COUNT);
    assertThat(wrongCount.series() + " " + wrongCount.timeMillis()).isEqualTo("a 5");
  }

  private static String known(ParseMeasurements parser, String json) {
    byte[] value = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    Rejection rejection =
        parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0).rejection();
    return rejection.series() + " " + rejection.timeMillis();
  }

  /** Written as UTF-8, each of them is another name, or none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"s\": \"a\\ud800\", \"t\": 1, \"v\": 1}",
        "{\"s\": \"\\udc00a\", \"t\": 1, \"v\": 1}",
        "{\"s\": \"a\\udc00\\ud800b\", \"t\": 1, \"v\": 1}",
        "{\"s\": \"a\\ufffd\", \"t\": 1, \"v\": 1}",
        "{\"s\": \"a\ufffd\", \"t\": 1, \"v\": 1}",
      })
  void shouldRejectNamesThatSeveralSeriesWouldShare(String json) {
    ParseMeasurements ofJson =
        Samples.parser(
            Samples.config("source: {format: json, mapping: {series: s, time: t, values: v}}"));
    Rejection rejection =
        ofJson
            .parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS)
            .get(0)
            .rejection();
    assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_SERIES);
    assertThat(rejection.detail()).startsWith("series must be text that UTF-8 can write");
  }

  /** Avro's own decoder puts U+FFFD in the place of both. */
  @Test
  void shouldRejectBytesOfANameThatAreNoText() {
    byte[] good = Samples.observation("ab", 1_234, 1.5, null);
    for (int bad : new int[] {0xff, 0xc3}) {
      byte[] value = good.clone();
      int at = new String(value, StandardCharsets.ISO_8859_1).indexOf("ab");
      value[at] = (byte) bad;
      assertThat(parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0).rejection().code())
          .isEqualTo(ErrorCode.INVALID_SERIES);
    }
  }

  @Test
  void shouldTakeNamesOfAllPlanes() {
    byte[] value = Samples.observation("\u00e9 \ud83c\udf0a \u6c34", 1_234, 1.5, null);
    assertThat(parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0).accepted().series())
        .isEqualTo("\u00e9 \ud83c\udf0a \u6c34");
  }

  @Test
  void shouldRejectAGroupThatIsNoName() {
    ParseMeasurements grouped =
        Samples.parser(
            Samples.config(
                "source: {format: json, mapping: {series: s, group: g, time: t, values: v}}",
                "covariates: {topic: w, names: x, keyed-by: group, format: json,"
                    + " mapping: {key: g, time: t, values: x}}"));
    for (String group : List.of(" ", "g".repeat(256), "\\ud83c")) {
      String json = "{\"s\": \"a\", \"g\": \"%s\", \"t\": 1, \"v\": 1}".formatted(group);
      Rejection rejection =
          grouped
              .parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS)
              .get(0)
              .rejection();
      assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_SERIES);
      assertThat(rejection.detail()).startsWith("group must ");
    }
  }

  @Test
  void shouldCutALargeRecordAndKeepItsLength() {
    byte[] value = new byte[5_000_000];
    value[0] = 7;
    Rejection rejection =
        parser
            .parse(new SourceRecord("t", 1, 2, 3, new byte[3_000_000], value), Samples.NO_HEADERS)
            .get(0)
            .rejection();

    assertThat(rejection.code()).isEqualTo(ErrorCode.MALFORMED);
    assertThat(rejection.source().valueLength()).isEqualTo(5_000_000);
    assertThat(rejection.source().value()).hasSize(100).startsWith(7);
    assertThat(rejection.source().keyLength()).isEqualTo(3_000_000);
    assertThat(rejection.source().key()).hasSize(Rejection.MAX_KEY_BYTES);
  }

  @Test
  void shouldKeepTheOriginOfWhatItRejects() {
    SourceRecord source = Samples.source(new byte[] {1, 2, 3});

    Rejection rejection = parser.parse(source, Samples.NO_HEADERS).get(0).rejection();

    assertThat(rejection.source()).usingRecursiveComparison().isEqualTo(source.whole(100));
    assertThat(rejection.rejectedAtMillis()).isEqualTo(Samples.NOW);
    assertThat(rejection.series()).isNull();
  }

  private ParsedMeasurement parse(byte[] value) {
    return parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0);
  }

  private Rejection assertRejected(byte[] value, ErrorCode code) {
    ParsedMeasurement parsed = parse(value);
    assertThat(parsed.accepted()).isNull();
    assertThat(parsed.rejection().code()).isEqualTo(code);
    assertThat(parsed.rejection().detail()).isNotBlank();
    return parsed.rejection();
  }
}
