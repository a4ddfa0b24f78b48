package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Samples;
import io.tidecast.schemas.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class JsonMappingTest {

  private static final String FLAT = "series: id, time: t, values: [a, b]";
  private static final String LENIENT = FLAT + ", missing-values: nan, allow-numeric-strings: true";
  private static final String NESTED =
      "series: [site.name, 'meters[1].id'], time: meta.at, values: [m.a, 'm.list[0]']";
  private static final String NAMED =
      "series: id, time: t, name: what, value: v, channel-names: [x, y]";

  /** Mapping, record, then series, time and values of the measurement. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // series
        FLAT + "| {'id': 'k', 't': 5, 'a': 1.5, 'b': -2} | k 5 [1.5, -2.0]",
        FLAT + "| {'b': 2, 'other': [{}], 'a': 1, 't': -5, 'id': 17} | 17 -5 [1.0, 2.0]",
        FLAT
            + "| {'id': 12345678901234567890123, 't': 0, 'a': 1e3, 'b': 0}"
            + "| 12345678901234567890123 0 [1000.0, 0.0]",
        FLAT + "| [1] {'id'} | malformed",
        FLAT + "| {'id': '', 't': 5, 'a': 1, 'b': 2} | invalid-series",
        FLAT + "| {'id': ' ', 't': 5, 'a': 1, 'b': 2} | invalid-series",
        FLAT + "| {'id': null, 't': 5, 'a': 1, 'b': 2} | missing-field",
        FLAT + "| {'t': 5, 'a': 1, 'b': 2} | missing-field",
        FLAT + "| {'id': 1.5, 't': 5, 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': true, 't': 5, 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': {'x': 1}, 't': 5, 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': ['x'], 't': 5, 'a': 1, 'b': 2} | invalid-field",
        // time
        FLAT + "| {'id': 'k', 'a': 1, 'b': 2} | missing-field",
        FLAT + "| {'id': 'k', 't': '5', 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': false, 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': 1e300, 'a': 1, 'b': 2} | time-out-of-range",
        FLAT + "| {'id': 'k', 't': 1e999, 'a': 1, 'b': 2} | time-out-of-range",
        FLAT + "| {'id': 'k', 't': 99999999999999999999, 'a': 1, 'b': 2} | time-out-of-range",
        FLAT + "| {'id': 'k', 't': 9223372036854775807, 'a': 1, 'b': 2} | time-out-of-range",
        FLAT + "| {'id': 'k', 't': -9223372036854775808, 'a': 1, 'b': 2} | time-out-of-range",
        LENIENT + "| {'id': 'k', 't': '-5', 'a': 1, 'b': 2} | k -5 [1.0, 2.0]",
        // values
        FLAT + "| {'id': 'k', 't': 5, 'a': 1} | missing-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': null, 'b': 2} | missing-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': '1', 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': true, 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': [1], 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': 1e39, 'b': 2} | non-finite-value",
        FLAT + "| {'id': 'k', 't': 5, 'a': -1e400, 'b': 2} | non-finite-value",
        FLAT + "| {'id': 'k', 't': 5, 'a': NaN, 'b': 2} | missing-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': NaN, 'b': 2} | k 5 [NaN, 2.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': -Infinity, 'b': 2} | non-finite-value",
        FLAT + "| {'id': 'k', 't': 5, 'a': Infinity, 'b': 2} | non-finite-value",
        LENIENT + "| {'id': 'k', 't': 5, 'a': null} | k 5 [NaN, NaN]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '1.5', 'b': '-2e1'} | k 5 [1.5, -20.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '.5', 'b': '+2.'} | k 5 [0.5, 2.0]",
        LENIENT
            + "| {'id': 'k', 't': 5, 'a': '12345678901234567890', 'b': 0}"
            + "| k 5 [1.2345678901234567E19, 0.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '1e99', 'b': 2} | non-finite-value",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '', 'b': 2} | k 5 [NaN, 2.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': ' 1', 'b': '\u22122 '} | k 5 [1.0, -2.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': 'unavailable', 'b': 'N/A'} | k 5 [NaN, NaN]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '+Inf', 'b': 2} | invalid-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '12.5 kWh', 'b': 2} | invalid-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': 'unknown', 'b': 2} | missing-field",
        FLAT + "| {'id': 'k', 't': 5, 'a': '?', 'b': 2} | missing-field",
        FLAT + "| {'id': 12.0, 't': 5, 'a': 1, 'b': 2} | 12 5 [1.0, 2.0]",
        FLAT + "| {'id': 12.5, 't': 5, 'a': 1, 'b': 2} | invalid-field",
        FLAT + "| {'id': 1e300, 't': 5, 'a': 1, 'b': 2} | invalid-field",
        FLAT
            + ", missing-words: [-9999, off], missing-values: nan"
            + "| {'id': 'k', 't': 5, 'a': -9999.0, 'b': 'OFF'} | k 5 [NaN, NaN]",
        FLAT
            + ", missing-words: [], missing-values: nan"
            + "| {'id': 'k', 't': 5, 'a': '', 'b': 2} | invalid-field",
        FLAT
            + ", value-words: {on: 1, true: 2}"
            + "| {'id': 'k', 't': 5, 'a': 'ON', 'b': true} | k 5 [1.0, 2.0]",
        LENIENT
            + ", decimal-mark: comma, thousands-separator: point"
            + "| {'id': 'k', 't': '5', 'a': '1.234,5', 'b': 2.5} | k 5 [1234.5, 2.5]",
        LENIENT
            + ", decimal-mark: comma"
            + "| {'id': 'k', 't': 5, 'a': '1.234', 'b': 2} | invalid-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '1,5', 'b': 2} | invalid-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': 'NaN', 'b': 2} | k 5 [NaN, 2.0]",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '0x1p3', 'b': 2} | invalid-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': '1d', 'b': 2} | invalid-field",
        LENIENT + "| {'id': 'k', 't': 5, 'a': true, 'b': 2} | invalid-field",
        // paths
        NESTED
            + "| {'site': {'name': 's'}, 'meters': [0, {'id': 7}], 'meta': {'at': 5},"
            + " 'm': {'list': [3, 4], 'a': 1}} | s/7 5 [1.0, 3.0]",
        NESTED
            + "| {'site': {'name': 's'}, 'meters': [0], 'meta': {'at': 5}, 'm': {}}"
            + "| missing-field",
        NESTED
            + "| {'site': null, 'meters': [0, {'id': 7}], 'meta': {'at': 5}, 'm': {}}"
            + "| missing-field",
        NESTED
            + "| {'site': 's', 'meters': [0, {'id': 7}], 'meta': {'at': 5}, 'm': {}}"
            + "| invalid-field",
        NESTED + "| {'site': {'name': 's'}, 'meters': {'1': {'id': 7}}} | invalid-field",
        NESTED + "| {'site': ['s'], 'meters': []} | invalid-field",
        NESTED + "| {'site': {'name': ''}, 'meters': [0, {'id': 7}]} | invalid-series",
        NESTED + "| {'site': {'name': 's/t'}, 'meters': [0, {'id': 7}]} | invalid-series",
        FLAT + "| 5 | invalid-field",
        FLAT + "| null | invalid-field",
        FLAT + "| [] | invalid-field",
        "series: '[0]', time: '[1]', values: ['[2][0]', '[2][1]']| ['k', 5, [1, 2]]"
            + "| k 5 [1.0, 2.0]",
        "series: a\\.b, time: \\$t, values: ['c\\[0]', d]| {'a.b': 'k', '$t': 5, 'c[0]': 1, 'd': 2}"
            + "| k 5 [1.0, 2.0]",
        // one channel per record
        NAMED + "| {'id': 'k', 't': 5, 'what': 'x', 'v': 1} | k 5 [1.0, NaN]",
        NAMED + "| {'id': 'k', 't': 5, 'what': 'y', 'v': 1} | k 5 [NaN, 1.0]",
        NAMED + "| {'id': 'k', 't': 5, 'what': 'z', 'v': 1} | unknown-channel",
        NAMED + "| {'id': 'k', 't': 5, 'what': 'X', 'v': 1} | unknown-channel",
        NAMED + "| {'id': 'k', 't': 5, 'what': 7, 'v': 1} | unknown-channel",
        NAMED + "| {'id': 'k', 't': 5, 'what': null, 'v': 1} | missing-field",
        NAMED + "| {'id': 'k', 't': 5, 'what': ['x'], 'v': 1} | invalid-field",
        NAMED + "| {'id': 'k', 't': 5, 'what': 'x'} | missing-field",
        NAMED + ", missing-values: nan| {'id': 'k', 't': 5, 'what': 'x'} | k 5 [NaN, NaN]",
        NAMED + "| {'id': 'k', 't': 5, 'what': 'x', 'v': 'high'} | invalid-field",
      })
  void shouldMap(String mapping, String record, String expected) {
    assertThat(outcome(parse(mapping, json(record)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2}}",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2} {}",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2}, 1",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2} x",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2, 'a': 1}",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2, 'c': {'d': [{'e': 1, 'e': 1}]}}",
        "{'id': 'k', 't': 5, 'a': 01, 'b': 2}",
        "{'id': 'k', 't': 5, 'a': 1, 'b': 2,}",
        "{'id': 'k', 't': 5, 'a': .5, 'b': 2}",
        "{'id': 'k', 't': 5, 'a': +1, 'b': 2}",
        "{'id': 'k', 't': 5, 'a': Nan, 'b': 2}",
        "{id: 'k', 't': 5, 'a': 1, 'b': 2}",
        "/* no */ {'id': 'k', 't': 5, 'a': 1, 'b': 2}",
        "{'id': 'k\n', 't': 5, 'a': 1, 'b': 2}",
      })
  void shouldRefuseWhatIsNoJson(String record) {
    assertThat(outcome(parse(FLAT, json(record)))).isEqualTo("malformed");
  }

  @Test
  void shouldRefuseWhatIsNoUtf8() {
    byte[] bytes = json("{'id': 'kk', 't': 5, 'a': 1, 'b': 2}");
    bytes[8] = (byte) 0xFF;
    assertThat(outcome(parse(FLAT, bytes))).isEqualTo("malformed");
  }

  @Test
  void shouldPassOverATombstoneAndRefuseAnEmptyValue() {
    assertThat(outcome(parse(FLAT, null))).isEqualTo("1 tombstone");
    assertThat(outcome(parse(FLAT, new byte[0]))).isEqualTo("malformed");
  }

  @Test
  void shouldRefuseWhatIsNestedTooDeep() {
    String deep = "{'id': 'k', 't': 5, 'a': 1, 'b': 2, 'c': %s%s}";
    assertThat(outcome(parse(FLAT, json(deep.formatted("[".repeat(50), "]".repeat(50))))))
        .isEqualTo("k 5 [1.0, 2.0]");
    assertThat(outcome(parse(FLAT, json(deep.formatted("[".repeat(100_000), "]".repeat(100_000))))))
        .isEqualTo("malformed");
    assertThat(outcome(parse(FLAT, json("[".repeat(100_000))))).isEqualTo("malformed");
  }

  @Test
  void shouldRefuseANumberOfTooManyDigits() {
    String record = "{'id': 'k', 't': 5, 'a': %s, 'b': 2}".formatted("9".repeat(100_000));
    assertThat(outcome(parse(FLAT, json(record)))).isEqualTo("malformed");
  }

  @Test
  void shouldReadWhatKafkaKeepsBesideTheValue() {
    String mapping =
        "series: [$topic, $key, $header.site], time: $timestamp, values: [a, $header.b],"
            + " allow-numeric-strings: true";
    Headers headers = new RecordHeaders();
    headers.add("site", utf8("old")).add("site", utf8("süd")).add("b", utf8("2.5"));
    SourceRecord record = new SourceRecord("t1", 0, 7, 1_234, utf8("k"), json("{'a': 1}"));

    assertThat(outcome(parser(mapping).parse(record, headers).get(0)))
        .isEqualTo("t1/k/süd 1234 [1.0, 2.5]");
  }

  @Test
  void shouldRefuseARecordWithoutThem() {
    byte[] value = json("{'a': 1, 'b': 2, 't': 5, 'id': 'k'}");
    SourceRecord bare = new SourceRecord("t1", 0, 7, -1, null, value);

    assertThat(outcome(parser("series: $key, time: t, values: [a, b]").parse(bare, none()).get(0)))
        .isEqualTo("missing-field");
    assertThat(
            outcome(
                parser("series: $header.h, time: t, values: [a, b]").parse(bare, none()).get(0)))
        .isEqualTo("missing-field");
    assertThat(
            outcome(
                parser("series: id, time: $timestamp, values: [a, b]").parse(bare, none()).get(0)))
        .isEqualTo("missing-field");
    Headers nothing = new RecordHeaders().add("h", null);
    assertThat(
            outcome(
                parser("series: $header.h, time: t, values: [a, b]").parse(bare, nothing).get(0)))
        .isEqualTo("missing-field");
  }

  @Test
  void shouldRefuseAKeyThatIsNoText() {
    byte[] value = json("{'a': 1, 'b': 2, 't': 5}");
    ParseMeasurements parser = parser("series: $key, time: t, values: [a, b]");

    SourceRecord bad = new SourceRecord("t1", 0, 7, 5, new byte[] {'k', (byte) 0xC3}, value);
    assertThat(outcome(parser.parse(bad, none()).get(0))).isEqualTo("invalid-field");
    // One bad key must not spoil the next.
    SourceRecord good = new SourceRecord("t1", 0, 8, 5, utf8("k"), value);
    assertThat(outcome(parser.parse(good, none()).get(0))).isEqualTo("k 5 [1.0, 2.0]");
  }

  @Test
  void shouldJoinWithTheGivenSeparator() {
    String mapping = "series: [x, y], series-separator: '::', time: t, values: [a, b]";
    assertThat(outcome(parse(mapping, json("{'x': 'p/q', 'y': 7, 't': 5, 'a': 1, 'b': 2}"))))
        .isEqualTo("p/q::7 5 [1.0, 2.0]");
    assertThat(outcome(parse(mapping, json("{'x': 'p::q', 'y': 7, 't': 5, 'a': 1, 'b': 2}"))))
        .isEqualTo("invalid-series");
  }

  @Test
  void shouldSayWhatIsWrongAndKeepTheOriginal() {
    byte[] value = json("{'id': 'k', 't': 5, 'a': 'high', 'b': 2}");
    SourceRecord source = Samples.source(value);

    Rejection rejection = parser(FLAT).parse(source, none()).get(0).rejection();

    assertThat(rejection.code()).isEqualTo(ErrorCode.INVALID_FIELD);
    assertThat(rejection.detail()).isEqualTo("field must be a number: a=\"high\"");
    assertThat(rejection.source()).usingRecursiveComparison().isEqualTo(source.whole(900_000));
  }

  @Test
  void shouldNameThePlaceOfASyntaxError() {
    assertThat(parse(FLAT, json("{'id': 'k',\n 't': }")).rejection().detail())
        .startsWith("value must be one whole JSON value: ")
        .contains("line 2, column");
  }

  @Test
  void shouldLimitTheFuture() {
    long latest = Samples.NOW + 3_600_000;
    String record = "{'id': 'k', 't': %d, 'a': 1, 'b': 2}";
    assertThat(parse(FLAT, json(record.formatted(latest))).rejection()).isNull();
    assertThat(outcome(parse(FLAT, json(record.formatted(latest + 1)))))
        .isEqualTo("time-out-of-range");
    assertThat(Instant.ofEpochMilli(latest)).isEqualTo("2026-11-20T13:00:00Z");
  }

  /** The same, with what the dead letter says. */
  public static String described(ParsedMeasurement parsed) {
    return parsed.rejection() == null
        ? outcome(parsed)
        : parsed.rejection().code().code() + ": " + parsed.rejection().detail();
  }

  public static String outcome(ParsedMeasurement parsed) {
    if (parsed.rejection() != null) {
      assertThat(parsed.accepted()).isNull();
      assertThat(parsed.rejection().detail()).isNotBlank().doesNotContain("\n");
      return parsed.rejection().code().code();
    }
    if (parsed.passedOver() != null) {
      assertThat(parsed.accepted()).isNull();
      return "%d %s"
          .formatted(parsed.passedOver().count(), Spelling.of(parsed.passedOver().reason()));
    }
    Measurement measurement = parsed.accepted();
    return "%s %d %s"
        .formatted(
            measurement.series(), measurement.timeMillis(), Arrays.toString(measurement.values()));
  }

  /** JSON with quotes that Java needs no backslash for. */
  public static byte[] json(String text) {
    return utf8(text.replace('\'', '"'));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Headers none() {
    return Samples.NO_HEADERS;
  }

  private static ParsedMeasurement parse(String mapping, byte[] value) {
    return parser(mapping).parse(Samples.source(value), none()).get(0);
  }

  private static ParseMeasurements parser(String mapping) {
    return Samples.parser(
        Samples.config(
            "source: {format: json, mapping: {%s}}".formatted(mapping),
            "series: {step: 1s, channels: 2, close: watermark}"));
  }
}
