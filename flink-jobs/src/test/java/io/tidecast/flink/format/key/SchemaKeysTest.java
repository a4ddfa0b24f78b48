package io.tidecast.flink.format.key;

import static io.tidecast.flink.testing.Framed.avro;
import static io.tidecast.flink.testing.Framed.framed;
import static io.tidecast.flink.testing.Framed.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.FakeRegistry;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of which each names the schema that it was written with. */
class SchemaKeysTest {

  /** As Debezium writes them for a table of two columns. */
  private static final String KEY =
      """
      {"type": "record", "name": "Key", "namespace": "pg.public.meters", "fields": [
        {"name": "site", "type": "string"},
        {"name": "meter_id", "type": "long"}]}
      """;

  private static final String SWAPPED =
      """
      {"type": "record", "name": "Key", "namespace": "pg.public.meters", "fields": [
        {"name": "meter_id", "type": "int"},
        {"name": "site", "type": "string"}]}
      """;

  private static final String WITHOUT_SITE =
      """
      {"type": "record", "name": "Key", "namespace": "pg.public.meters", "fields": [
        {"name": "meter_id", "type": "long"}]}
      """;

  private static final String TIMED =
      """
      {"type": "record", "name": "Key", "fields": [
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
      """;

  private static final String BOTH = "series: [$key.site, $key.meter_id], time: t, values: v";

  private static final String WHOLE = "series: $key, time: t, values: v";

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void shouldReadEachKeyWithTheSchemaThatWroteIt() throws Exception {
    int swapped = registry.add("t-key", SchemaKind.AVRO, SWAPPED);
    int id = registry.add("t-key", SchemaKind.AVRO, KEY);
    ParseMeasurements parser = parser("avro", BOTH);
    byte[] key = avro(KEY, "{\"site\": \"north\", \"meter_id\": 7}");
    byte[] other = avro(SWAPPED, "{\"site\": \"north\", \"meter_id\": 7}");

    for (int i = 0; i < 2; i++) {
      assertThat(read(parser, framed(id, key))).isEqualTo("north/7 1 [2.0]");
      assertThat(read(parser, framed(swapped, other))).isEqualTo("north/7 1 [2.0]");
      assertThat(read(parser, key, header("__key_schema_id", registry.guid(id))))
          .isEqualTo("north/7 1 [2.0]");
      assertThat(
              read(
                  parser, key, new RecordHeaders().add("__key_schema_id", framed(id, new byte[0]))))
          .isEqualTo("north/7 1 [2.0]");
    }
    assertThat(registry.requests()).as("once a schema, and at the start").hasSizeLessThan(7);
  }

  @Test
  void shouldTellWhichKeyAndFieldCannotBeRead() throws Exception {
    int id = registry.add("t-key", SchemaKind.AVRO, KEY);
    int without = registry.add("t2-key", SchemaKind.AVRO, WITHOUT_SITE);
    int json = registry.add("t3-key", SchemaKind.JSON, "{}");
    int weather = registry.add("t4-key", SchemaKind.AVRO, KEY.replace("\"Key\"", "\"Weather\""));
    ParseMeasurements parser = parser("avro", BOTH);
    byte[] key = avro(KEY, "{\"site\": \"north\", \"meter_id\": 7}");
    byte[] short1 = avro(WITHOUT_SITE, "{\"meter_id\": 7}");

    String begin = "key must be one of source.key-type=avro: ";
    assertRefused(parser, framed(77, key), "unknown-schema", begin, "id 77", "($key.site)");
    assertRefused(
        parser, framed(json, key), "incompatible-schema", "id 3 is of JSON", "($key.site)");
    assertRefused(parser, framed(weather, key), "incompatible-schema", "Weather", "($key.site)");
    assertRefused(
        parser,
        framed(without, short1),
        "missing-field",
        "$key.site; the key was written with the schema of id 2");
    assertRefused(parser, framed(id, short1), "invalid-field", begin, "pg.public.meters.Key");
    assertRefused(parser, new byte[] {4, 'm', '1'}, "invalid-field", begin, "__key_schema_id");
    assertRefused(parser, null, "missing-field", "$key.site");
    assertThat(read(parser, framed(id, key))).as("the parser goes on").isEqualTo("north/7 1 [2.0]");
  }

  @Test
  void shouldRefuseAKeyThatAConditionCannotRead() throws Exception {
    int id = registry.add("t-key", SchemaKind.AVRO, KEY);
    ParseMeasurements parser =
        parser("avro", "series: $topic, time: t, values: v, where: {$key.site: north}");
    byte[] north = avro(KEY, "{\"site\": \"north\", \"meter_id\": 7}");
    byte[] south = avro(KEY, "{\"site\": \"south\", \"meter_id\": 7}");

    assertRefused(parser, framed(77, north), "unknown-schema", "id 77", "($key.site)");
    assertRefused(parser, new byte[] {4, 'm', '1'}, "invalid-field", "__key_schema_id");
    assertThat(read(parser, framed(id, north))).isEqualTo("t 1 [2.0]");
    assertThat(read(parser, framed(id, south))).isEqualTo("1 not-asked-for");
    assertThat(read(parser, null)).isEqualTo("1 not-asked-for");
  }

  /** As a serializer of Avro writes keys that are a text or a number. */
  @Test
  void shouldReadKeysWithoutParts() throws Exception {
    int text = registry.add("t-key", SchemaKind.AVRO, "\"string\"");
    ParseMeasurements texts = parser("avro", WHOLE);
    assertThat(read(texts, framed(text, avro("\"string\"", "\"m-1\"")))).isEqualTo("m-1 1 [2.0]");
    int number = registry.add("t-key", SchemaKind.AVRO, "[\"null\", \"long\"]");
    ParseMeasurements numbers = parser("avro", WHOLE);
    assertThat(read(numbers, framed(number, avro("[\"null\", \"long\"]", "{\"long\": 4711}"))))
        .isEqualTo("4711 1 [2.0]");
  }

  @Test
  void shouldKnowTheUnitOfATimeInTheKey() throws Exception {
    int id = registry.add("t-key", SchemaKind.AVRO, TIMED);
    String millis = TIMED.replace("micros", "millis");
    int other = registry.add("other", SchemaKind.AVRO, millis);
    ParseMeasurements parser = parser("avro", "series: $topic, time: $key.at, values: v");

    assertThat(read(parser, framed(id, avro(TIMED, "{\"at\": 5000}")))).isEqualTo("t 5 [2.0]");
    assertThat(read(parser, framed(other, avro(millis, "{\"at\": 5}")))).isEqualTo("t 5 [2.0]");
  }

  @Test
  void shouldReadKeysOfProtobufAndFramedJson() throws Exception {
    int id =
        registry.add(
            "t-key", SchemaKind.PROTOBUF, "syntax = \"proto3\"; message Key { string meter = 1; }");
    // The only message of the file, then its first field.
    byte[] message = {0, 10, 2, 'm', '1'};
    String mapping = "series: $key.meter, time: t, values: v";
    assertThat(read(parser("protobuf", mapping), framed(id, message))).isEqualTo("m1 1 [2.0]");
    byte[] json = "{\"meter\": \"m1\"}".getBytes(StandardCharsets.UTF_8);
    for (byte[] key : List.of(json, framed(99, json))) {
      assertThat(read(parser("json", mapping), key)).isEqualTo("m1 1 [2.0]");
    }
  }

  /** What a serializer wrote that puts the schema into a header may look like plain text. */
  @Test
  void shouldNotTakeForTextWhatNamesASchema() throws Exception {
    ParseMeasurements parser = Samples.parser(Samples.config(source("", WHOLE)));
    byte[] key = avro("\"string\"", "\"0123456789012345\"");
    assertThat(new String(key, StandardCharsets.UTF_8)).isEqualTo(" 0123456789012345");

    assertRefused(
        parser,
        key,
        new RecordHeaders().add("__key_schema_id", new byte[5]),
        "invalid-field",
        "key must be UTF-8 text, and its header __key_schema_id names a schema: $key of 17 bytes; set source.key-type to avro, protobuf or json if a registry has its schema");
    assertRefused(
        parser,
        HexFormat.of().parseHex("0000000007046d31"),
        "invalid-field",
        "set source.key-type to long if it is a number, or to avro, protobuf or json if a registry has its schema");
  }

  @Test
  void shouldTravelToTheCluster() throws Exception {
    int id = registry.add("t-key", SchemaKind.AVRO, KEY);
    ParseMeasurements parser = InstantiationUtil.clone(Samples.closedParser(config("avro", BOTH)));
    parser.open(null);
    assertThat(read(parser, framed(id, avro(KEY, "{\"site\": \"north\", \"meter_id\": 7}"))))
        .isEqualTo("north/7 1 [2.0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "key-type: avro, topic: t|series: $key.meter|must name a field of the schema: source.mapping.series=$key.meter; there is no meter in pg.public.meters.Key with site, meter_id",
        "key-type: avro, topic: t|series: $key|must lead to text or a whole number: source.mapping.series=$key is of type record",
        "key-type: avro, topic: [t, u]|series: $key.site|must be given where there is not one topic: source.key-subject, text",
        "key-type: avro, topic: u|series: $key.site|must be a subject of the schema registry: source.key-subject=u-key",
        "key-type: avro, topic: json|series: $key.site|must be of a schema of Avro: source.key-subject=json-key is of JSON",
        "key-type: protobuf, topic: two|series: $key.site|must be of a schema with one message: source.key-subject=two-key has A, B",
        "key-type: long, topic: t|series: $key.site|must be json, avro or protobuf where a path leads into the key: source.key-type; source.mapping.series=$key.site",
        "key-subject: t-key, topic: t|series: $key|must go with source.key-type=avro or protobuf: source.key-subject",
      })
  void shouldRefuseAtTheStart(String keys, String series, String problem) {
    registry.add("t-key", SchemaKind.AVRO, KEY);
    registry.add("json-key", SchemaKind.JSON, "{}");
    registry.add(
        "two-key",
        SchemaKind.PROTOBUF,
        "syntax = \"proto3\"; message A { string site = 1; } message B { string site = 1; }");
    assertThatThrownBy(
            () ->
                Samples.config(
                    "source: {format: json, %s, mapping: {%s, time: t, values: v}}"
                        .formatted(keys, series),
                    "dead-letters: {topic: d}",
                    "registry: {url: '%s'}".formatted(registry.url())))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.problems()).containsExactly(problem));
  }

  @Test
  void shouldNeedARegistry() {
    assertThatThrownBy(() -> Samples.config(source("key-type: avro, ", BOTH)))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "must go with registry.url, which has the schemas of keys: source.key-type=avro"));
  }

  private static String source(String keys, String mapping) {
    return "source: {topic: t, format: json, %smapping: {%s}}".formatted(keys, mapping);
  }

  private JobConfig config(String type, String mapping) {
    return Samples.config(
        source("key-type: " + type + ", ", mapping),
        "registry: {url: '%s'}".formatted(registry.url()));
  }

  private ParseMeasurements parser(String type, String mapping) {
    return Samples.parser(config(type, mapping));
  }

  private static ParsedMeasurement parsed(ParseMeasurements parser, byte[] key, Headers headers) {
    byte[] value = "{\"t\": 1, \"v\": 2}".getBytes(StandardCharsets.UTF_8);
    return parser.parse(new SourceRecord("t", 0, 1, 5, key, value), headers).get(0);
  }

  private static String read(ParseMeasurements parser, byte[] key) {
    return read(parser, key, Samples.NO_HEADERS);
  }

  private static String read(ParseMeasurements parser, byte[] key, Headers headers) {
    return JsonMappingTest.outcome(parsed(parser, key, headers));
  }

  private static void assertRefused(
      ParseMeasurements parser, byte[] key, String code, String... words) {
    assertRefused(parser, key, Samples.NO_HEADERS, code, words);
  }

  private static void assertRefused(
      ParseMeasurements parser, byte[] key, Headers headers, String code, String... words) {
    ParsedMeasurement parsed = parsed(parser, key, headers);
    assertThat(parsed.rejection()).isNotNull();
    assertThat(parsed.rejection().code().code()).isEqualTo(code);
    assertThat(parsed.rejection().detail()).contains(words).doesNotContain("Exception", "org.");
  }
}
