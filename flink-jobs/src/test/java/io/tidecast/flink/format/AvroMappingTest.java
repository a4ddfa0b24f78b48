package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class AvroMappingTest {

  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Reading", "namespace": "com.example", "fields": [
                {"name": "id", "type": ["null", "string"]},
                {"name": "number", "type": "int"},
                {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["x", "y"]}},
                {"name": "millis", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "plain", "type": "long"},
                {"name": "text", "type": "string"},
                {"name": "a", "type": "double"},
                {"name": "b", "type": ["null", "float"]},
                {"name": "any", "type": ["null", "string", "double",
                  {"type": "record", "name": "Part", "fields": [
                    {"name": "v", "type": "double"}]}]},
                {"name": "map", "type": {"type": "map", "values": "double"}},
                {"name": "list", "type": {"type": "array", "items": "Part"}},
                {"name": "nulls", "type": {"type": "array", "items": "null"}}]}
              """);

  /** Mapping, a changed field and its value, then series, time and values of the measurement. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "series: id, time: millis, values: [a, b]|||k 5 [1.5, 2.5]",
        "series: [id, number, kind], time: millis, values: [a, number]|||k/7/y 5 [1.5, 7.0]",
        "series: id, time: micros, values: [a, b]|||k 12 [1.5, 2.5]",
        "series: id, time: day, values: [a, b]|||k 172800000 [1.5, 2.5]",
        "series: id, time: day, time-zone: '+01:00', values: [a, b]|||k 169200000 [1.5, 2.5]",
        "series: id, time: plain, values: [a, b]|||k 100 [1.5, 2.5]",
        "series: id, time: plain, time-format: epoch-seconds, values: [a, b]|||k 100000 [1.5, 2.5]",
        "series: id, time: text, time-format: iso-8601, values: [a, b]|||k 1000 [1.5, 2.5]",
        "series: $topic, time: $timestamp, values: [a, b]|||observations 1795175999995 [1.5, 2.5]",
        "series: id, time: millis, values: [map.one, 'list[1].v']|||k 5 [4.5, 6.5]",
        "series: id, time: millis, values: [map.two, a]|||missing-field",
        "series: id, time: millis, values: ['list[2].v', a]|||missing-field",
        "series: id, time: millis, values: [a, any.v]| any | 1.5 |invalid-field",
        "series: id, time: millis, values: [a, any]| any | 1.5 |k 5 [1.5, 1.5]",
        "series: id, time: millis, values: [a, any]| any | many |invalid-field",
        "series: id, time: millis, values: [a, b]| b | null |missing-field",
        "series: id, time: millis, values: [a, b], missing-values: nan| b | null |k 5 [1.5, NaN]",
        "series: id, time: millis, values: [a, b]| b | NaN |missing-field",
        "series: id, time: millis, values: [a, b], missing-words: [-999.9]| b | -999.9 |missing-field",
        "series: id, time: millis, values: [a, b], missing-words: [-999.9]| a | -999.9 |missing-field",
        "series: id, time: millis, values: [b, a], missing-words: [-999.9]| b | -999.5 |k 5 [-999.5, 1.5]",
        "series: id, time: millis, values: [a, b]| a | 1e39 |non-finite-value",
        "series: id, time: millis, values: [a, b]| id | null |missing-field",
        "series: id, time: millis, values: [a, b]| id |  |invalid-series",
        "series: id, time: text, time-format: iso-8601, values: [a, b]| text | now |invalid-field",
        "series: id, time: millis, name: kind, value: a, channel-names: [x, y]|||k 5 [NaN, 1.5]",
        "series: id, time: millis, name: kind, value: a, channel-names: [x, z]|||unknown-channel",
      })
  void shouldMap(String mapping, String field, String value, String expected) throws IOException {
    GenericRecord record = record();
    if (field != null) {
      set(record, field, value == null ? "" : value);
    }
    ParseMeasurements parser = parser("avro-framing: none", mapping);
    assertThat(JsonMappingTest.outcome(parse(parser, Framed.avro(SCHEMA, record))))
        .isEqualTo(expected);
  }

  /** The type of the field that names, what it holds in Avro's JSON, and the name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 30}|'\\u0007'|7",
        "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 30, 'scale': 2}|'\\u0002\\u00bc'|7",
        "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 30, 'scale': 2}|'\\u0002\\u00bd'|invalid-field",
        "{'type': 'bytes', 'logicalType': 'decimal', 'precision': 30}|'\\u0002\\u009d\\u0042\\u00b6\\u004e\\u0076\\u0071\\u0042\\u0044\\u00cb'|12345678901234567890123",
        "{'type': 'bytes', 'connect.name': 'org.apache.kafka.connect.data.Decimal', 'connect.parameters': {'scale': '0'}}|'\\u0007'|7",
        "{'type': 'record', 'name': 'VariableScaleDecimal', 'fields': [{'name': 'scale', 'type': 'int'}, {'name': 'value', 'type': 'bytes'}]}|{'scale': 0, 'value': '\\u0007'}|7",
        "{'type': 'record', 'name': 'VariableScaleDecimal', 'fields': [{'name': 'scale', 'type': 'int'}, {'name': 'value', 'type': 'bytes'}]}|{'scale': -2000000000, 'value': '\\u0007'}|invalid-field",
        "{'type': 'record', 'name': 'VariableScaleDecimal', 'fields': [{'name': 'scale', 'type': 'int'}, {'name': 'value', 'type': 'bytes'}]}|{'scale': 2000000000, 'value': '\\u0007'}|invalid-field",
      })
  void shouldNameSeriesByTheNumberThatADecimalIs(String type, String value, String expected)
      throws IOException {
    String schema =
        "{'type': 'record', 'name': 'Row', 'fields': [{'name': 'id', 'type': %s}]}"
            .formatted(type)
            .replace('\'', '"');
    byte[] record = Framed.avro(schema, "{\"id\": %s}".formatted(value.replace('\'', '"')));
    ParseMeasurements parser =
        Samples.parser(
            Samples.config(
                """
                source:
                  format: avro
                  avro-schema: '%s'
                  mapping: {series: id, time: $timestamp, values: id}
                """
                    .formatted(schema)));

    ParsedMeasurement parsed = parse(parser, record);
    if (parsed.accepted() == null) {
      assertThat(JsonMappingTest.outcome(parsed)).isEqualTo(expected);
    } else {
      assertThat(parsed.accepted().series()).isEqualTo(expected);
    }
  }

  @Test
  void shouldTravelToTheCluster() throws Exception {
    ParseMeasurements parser =
        InstantiationUtil.clone(
            parser("avro-framing: none", "series: id, time: millis, values: [a, b]"));
    parser.open(null);
    assertThat(JsonMappingTest.outcome(parse(parser, Framed.avro(SCHEMA, record()))))
        .isEqualTo("k 5 [1.5, 2.5]");
  }

  @Test
  void shouldRefuseEveryTruncationAndWhatGoesOn() throws IOException {
    ParseMeasurements parser =
        parser("avro-framing: none", "series: id, time: millis, values: [a, b]");
    byte[] whole = Framed.avro(SCHEMA, record());

    for (int length = 0; length < whole.length; length++) {
      assertMalformed(parser, Arrays.copyOf(whole, length));
    }
    assertMalformed(parser, Arrays.copyOf(whole, whole.length + 1));
    assertThat(JsonMappingTest.outcome(parse(parser, null))).isEqualTo("1 tombstone");
    assertThat(parse(parser, whole).rejection()).as("the parser goes on").isNull();
  }

  @Test
  void shouldReadTheFramingOfConfluent() throws IOException {
    ParseMeasurements parser =
        parser(
            "avro-framing: confluent\n  avro-schemas: {4352: '%s'}".formatted(SCHEMA),
            "series: id, time: millis, values: [a, b]");
    byte[] body = Framed.avro(SCHEMA, record());
    byte[] framed = new byte[body.length + 5];
    System.arraycopy(body, 0, framed, 5, body.length);
    framed[3] = 17;

    assertThat(JsonMappingTest.outcome(parse(parser, framed))).isEqualTo("k 5 [1.5, 2.5]");
    for (int length = 0; length < framed.length; length++) {
      assertMalformed(parser, Arrays.copyOf(framed, length));
    }
    framed[0] = 1;
    assertMalformed(parser, framed);
  }

  /** An array that claims two thousand million items of no bytes would fill the memory. */
  @Test
  void shouldRefuseAnArrayThatClaimsTooMuch() throws IOException {
    ParseMeasurements parser =
        parser("avro-framing: none", "series: id, time: millis, values: [a, b]");
    byte[] whole = Framed.avro(SCHEMA, record());
    ByteArrayOutputStream claiming = new ByteArrayOutputStream();
    claiming.write(whole, 0, whole.length - 1);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(claiming, null);
    encoder.writeLong(Integer.MAX_VALUE - 8);
    encoder.writeLong(0);
    encoder.flush();

    assertMalformed(parser, claiming.toByteArray());
  }

  @Test
  void shouldRefuseWhatGoesDeeperThanTheStack() {
    String schema =
        """
        {"type": "record", "name": "Node", "fields": [
          {"name": "next", "type": ["null", "Node"]}, {"name": "v", "type": "double"}]}
        """;
    ParseMeasurements parser =
        Samples.parser(
            Samples.config(
                """
                source:
                  format: avro
                  avro-schema: '%s'
                  mapping: {series: $topic, time: $timestamp, values: v}
                """
                    .formatted(schema.replace("\n", " "))));
    byte[] deep = new byte[1_000_000];
    Arrays.fill(deep, (byte) 2);
    assertMalformed(parser, deep);
  }

  @Test
  void shouldGoOverArraysAndMaps() throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Batch", "fields": [
                  {"name": "site", "type": "string"},
                  {"name": "points", "type": ["null", {"type": "array", "items":
                    {"type": "record", "name": "Point", "fields": [
                      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                      {"name": "by", "type": {"type": "map", "values": ["null", "double"]}}]}}]}]}
                """);
    Schema point = schema.getField("points").schema().getTypes().get(1).getElementType();
    GenericRecord one = new GenericData.Record(point);
    one.put("at", 5_000L);
    one.put("by", new TreeMap<>(Map.of("a", 1.5, "b", 2.5)));
    GenericRecord record = new GenericData.Record(schema);
    record.put("site", "s");
    record.put("points", List.of(one, one));
    ParseMeasurements parser =
        Samples.parser(
            Samples.config(
                """
                source:
                  format: avro
                  avro-schema: '%s'
                  mapping:
                    each: points[*].by.*
                    where: {$each.key: b}
                    series: [$.site, $each.key]
                    time: ^.at
                    values: $each.value
                """
                    .formatted(schema)
                    .strip()));

    assertThat(parser.parse(Samples.source(Framed.avro(schema, record)), Samples.NO_HEADERS))
        .extracting(JsonMappingTest::outcome)
        .containsExactly("s/b 5 [2.5]", "s/b 5 [2.5]", "2 not-asked-for");
    record.put("points", null);
    assertThat(parser.parse(Samples.source(Framed.avro(schema, record)), Samples.NO_HEADERS))
        .extracting(JsonMappingTest::outcome)
        .containsExactly("1 no-elements");
  }

  @Test
  void shouldAnswerOnceForWhateverIsInTheBytes() throws IOException {
    ParseMeasurements parser =
        parser("avro-framing: none", "series: id, time: micros, values: [map.one, 'list[1].v']");
    byte[] whole = Framed.avro(SCHEMA, record());
    Random random = new Random(7);
    int good = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      ParsedMeasurement parsed = parse(parser, bytes);
      assertThat(parsed.accepted() == null).isNotEqualTo(parsed.rejection() == null);
      good += parsed.accepted() == null ? 0 : 1;
    }
    assertThat(good).isBetween(1, 4_999);
  }

  private static GenericRecord record() {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("id", "k");
    record.put("number", 7);
    record.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), "y"));
    record.put("millis", 5L);
    record.put("micros", 12_999L);
    record.put("day", 2);
    record.put("plain", 100L);
    record.put("text", "1970-01-01T00:00:01Z");
    record.put("a", 1.5);
    record.put("b", 2.5f);
    record.put("map", Map.of("one", 4.5));
    record.put("list", List.of(part(5.5), part(6.5)));
    record.put("nulls", List.of());
    return record;
  }

  private static GenericRecord part(double v) {
    GenericRecord part = new GenericData.Record(SCHEMA.getField("list").schema().getElementType());
    part.put("v", v);
    return part;
  }

  private static void set(GenericRecord record, String field, String value) {
    switch (field) {
      case "a" -> record.put("a", Double.valueOf(value));
      case "b" -> record.put("b", value.equals("null") ? null : Float.valueOf(value));
      case "any" -> record.put("any", value.equals("many") ? value : (Object) 1.5);
      default -> record.put(field, value.equals("null") ? null : value);
    }
  }

  private static void assertMalformed(ParseMeasurements parser, byte[] value) {
    assertThat(JsonMappingTest.outcome(parse(parser, value))).isEqualTo("malformed");
  }

  private static ParsedMeasurement parse(ParseMeasurements parser, byte[] value) {
    return parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0);
  }

  private static ParseMeasurements parser(String framing, String mapping) {
    return Samples.parser(
        Samples.config(
            """
            source:
              format: avro
              avro-schema: '%s'
              %s
              mapping: {%s}
            """
                .formatted(SCHEMA, framing, mapping),
            "series: {step: 1s, channels: 2, close: watermark}"));
  }
}
