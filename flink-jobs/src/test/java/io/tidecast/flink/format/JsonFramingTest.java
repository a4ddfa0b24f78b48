package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** JSON as the serializers of a schema registry write it. */
class JsonFramingTest {

  private static final String GOOD = "{\"id\": \"a\", \"t\": \"1970-01-01T00:00:01Z\", \"v\": 7}";
  private static final String READ = "a 1000 [7.0]";

  @Test
  void shouldReadWhatIsInTheFrame() {
    ParseMeasurements parser = parser("framing: confluent");
    assertThat(outcome(parser, framed(2, GOOD))).isEqualTo(READ);
    byte[] guid = new byte[17];
    guid[0] = 1;
    assertThat(outcome(parser, utf8(GOOD), new RecordHeaders().add("__value_schema_id", guid)))
        .isEqualTo(READ);
    assertThat(outcome(parser, utf8(GOOD))).startsWith("malformed").contains("__value_schema_id");
    assertThat(outcome(parser, new byte[] {0, 0, 0, 0, 2})).startsWith("malformed");
  }

  /** The versions of a schema need no look-up, for a record of JSON says what its fields are. */
  @Test
  void shouldReadEveryVersionOrNameTheSchemaAndTheField() {
    ParseMeasurements parser = parser("framing: confluent");
    String time = "\"id\": \"a\", \"t\": \"1970-01-01T00:00:01Z\"";
    assertThat(outcome(parser, framed(1, "{" + time + ", \"v\": 7}"))).isEqualTo(READ);
    assertThat(outcome(parser, framed(2, "{\"volts\": 230, \"v\": 7.0, " + time + "}")))
        .isEqualTo(READ);
    assertThat(outcome(parser, framed(3, "{" + time + ", \"power\": 7}")))
        .startsWith("missing-field")
        .contains("v;", "schema of id 3");
    assertThat(outcome(parser, framed(4, "{" + time + ", \"v\": \"seven\"}")))
        .startsWith("invalid-field")
        .contains("v=", "schema of id 4");
    assertThat(outcome(parser, framed(5, "{" + time + ", \"v\": {\"kw\": 7}}")))
        .startsWith("invalid-field")
        .contains("schema of id 5");
  }

  @Test
  void shouldNameTheFramingWhereItIsNotDeclared() {
    assertThat(outcome(parser("framing: none"), framed(2, GOOD)))
        .isEqualTo(
            "malformed: value must begin with the record, and begins with a zero byte and the schema id 2 as Confluent's serializers write it: source.framing=none; set it to confluent");
    assertThat(outcome(parser("framing: none"), utf8(GOOD))).isEqualTo(READ);
  }

  @Test
  void shouldReadSeveralValuesInAFrame() {
    ParseMeasurements parser = parser("framing: confluent, json-layout: lines");
    List<ParsedMeasurement> all =
        parser.parse(Samples.source(framed(2, GOOD + "\n" + GOOD)), Samples.NO_HEADERS);
    assertThat(all).extracting(JsonMappingTest::outcome).containsExactly(READ, READ);
  }

  private static ParseMeasurements parser(String keys) {
    return Samples.parser(
        Samples.config(
            "source: {format: json, %s, mapping: {series: id, time: t, time-format: iso-8601, values: v}}"
                .formatted(keys)));
  }

  private static String outcome(ParseMeasurements parser, byte[] value) {
    return outcome(parser, value, Samples.NO_HEADERS);
  }

  private static String outcome(ParseMeasurements parser, byte[] value, Headers headers) {
    ParsedMeasurement parsed = parser.parse(Samples.source(value), headers).get(0);
    return JsonMappingTest.described(parsed);
  }

  private static byte[] framed(int id, String json) {
    return Framed.framed(id, utf8(json));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
