package io.tidecast.flink.format;

import static io.tidecast.flink.testing.Framed.avro;
import static io.tidecast.flink.testing.Framed.framed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.registry.RegistryException;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.testing.FakeRegistry;
import io.tidecast.flink.testing.FakeRegistry.Fault;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of one topic that were written with different schemas. */
class AvroEvolutionTest {

  private static final String READING =
      """
      {"type": "record", "name": "Reading", "namespace": "ex", "fields": [
        {"name": "meter", "type": "string"},
        {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        %s]}
      """;

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private static String reading(String fields) {
    return READING.formatted(fields).replace("\n", " ");
  }

  /**
   * The fields that are read, those that were written, the record in Avro's JSON without meter and
   * time, and the value of kw or why there is none.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Changed places.
        "kw double, volts double|volts double, kw double|\"volts\": 230, \"kw\": 9|9.0",
        // Added, with and without default, and taken away.
        "kw double|kw double, extra string|\"kw\": 9, \"extra\": \"x\"|9.0",
        "kw double, volts double|kw double|\"kw\": 9|9.0",
        "kw double|volts double|\"volts\": 230|missing-field kw schema of id 2",
        "kw double = 7|volts double|\"volts\": 230|7.0",
        "kw null/double = null|volts double|\"volts\": 230|missing-field kw schema of id 2",
        // Renamed, as either side says it.
        "kw double (power)|power double|\"power\": 9|9.0",
        "kw double|power double (kw)|\"power\": 9|9.0",
        "kw double (power, load)|load double|\"load\": 9|9.0",
        "kw double (power, load)|load double, power double|\"load\": 9, \"power\": 8|incompatible-schema kw power load id 2",
        // Names that were given to others.
        "kw double (volts), volts double (kw)|kw double, volts double|\"kw\": 9, \"volts\": 230|incompatible-schema kw volts id 2",
        "kw double (volts), volts double (kw)|extra int, kw double (volts), volts double (kw)|\"extra\": 1, \"kw\": 9, \"volts\": 230|9.0",
        "power double (kw), kw null/double = null|kw double|\"kw\": 230|missing-field kw schema of id 2",
        "power double (kw), kw double|power double (kw), kw double, extra int|\"power\": 1, \"kw\": 9, \"extra\": 3|9.0",
        // Of other numbers.
        "kw double|kw int|\"kw\": 9|9.0",
        "kw double|kw long|\"kw\": 9007199254740993|9.007199254740992E15",
        "kw double|kw float|\"kw\": 1.5|1.5",
        "kw long|kw double|\"kw\": 1.5|1.5",
        "kw double|kw decimal2|\"kw\": \"\\u0003\\u0084\"|9.0",
        "kw decimal3|kw decimal2|\"kw\": \"\\u0003\\u0084\"|9.0",
        "kw decimal3|kw fixed2|\"kw\": \"\\u0000\\u0000\\u0003\\u0084\"|9.0",
        "kw decimal3|kw connect2|\"kw\": \"\\u0003\\u0084\"|9.0",
        "kw decimal3|kw variable|\"kw\": {\"scale\": 2, \"value\": \"\\u0003\\u0084\"}|9.0",
        "kw variable|kw decimal2|\"kw\": \"\\u0003\\u0084\"|9.0",
        "kw double|kw string|\"kw\": \"9\"|invalid-field kw schema of id 2",
        "kw double|kw bytes|\"kw\": \"9\"|invalid-field kw schema of id 2",
        // Unions.
        "kw double|kw null/double|\"kw\": {\"double\": 9}|9.0",
        "kw double|kw null/double|\"kw\": null|missing-field kw schema of id 2",
        "kw null/double|kw double|\"kw\": 9|9.0",
        "kw null/double|kw string/int/null|\"kw\": {\"int\": 9}|9.0",
        "kw null/double|kw string/int/null|\"kw\": {\"string\": \"9\"}|invalid-field kw schema of id 2",
        "kw null/double|kw null/decimal2|\"kw\": {\"bytes\": \"\\u0003\\u0084\"}|9.0",
      })
  void shouldReadTheRightValueOrSayWhyNot(String read, String written, String json, String expected)
      throws Exception {
    registry.add("t-value", SchemaKind.AVRO, reading(fields(read)));
    String writer = reading(fields(written));
    int id = registry.add("t-value", SchemaKind.AVRO, writer);
    ParseMeasurements parser = parser(reading(fields(read)), "values: kw");

    assertOutcome(
        parse(parser, framed(id, written(writer, "\"meter\": \"m1\", \"ts\": 5, " + json))),
        expected);
  }

  /** Fields such as {@code kw null/double = null (power)}, in short. */
  private static String fields(String text) {
    StringBuilder fields = new StringBuilder();
    int names = 0;
    for (String field : text.split(", (?![^(]*\\))")) {
      String[] aliases = field.split(" \\(");
      String[] standard = aliases[0].split(" = ");
      String[] name = standard[0].split(" ");
      StringBuilder types = new StringBuilder();
      for (String type : name[1].split("/")) {
        types.append(types.isEmpty() ? "" : ", ").append(type(type, names++));
      }
      String type = name[1].contains("/") ? "[" + types + "]" : types.toString();
      fields
          .append(fields.isEmpty() ? "" : ", ")
          .append("{\"name\": \"%s\", \"type\": %s".formatted(name[0], type));
      if (standard.length > 1) {
        fields.append(", \"default\": ").append(standard[1]);
      }
      if (aliases.length > 1) {
        String quoted = aliases[1].replace(")", "").replace(", ", "\", \"");
        fields.append(", \"aliases\": [\"%s\"]".formatted(quoted));
      }
      fields.append("}");
    }
    return fields.toString();
  }

  private static String type(String name, int number) {
    return switch (name) {
      case "decimal2", "decimal3" ->
          "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 15, \"scale\": %s}"
              .formatted(name.substring(7));
      case "fixed2" ->
          "{\"type\": \"fixed\", \"name\": \"F%d\", \"size\": 4, \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}"
              .formatted(number);
      case "connect2" ->
          "{\"type\": \"bytes\", \"connect.name\": \"org.apache.kafka.connect.data.Decimal\", \"connect.parameters\": {\"scale\": \"2\"}}";
      case "variable" ->
          "{\"type\": \"record\", \"name\": \"VariableScaleDecimal\", \"namespace\": \"io.debezium.data\", \"fields\": [{\"name\": \"scale\", \"type\": \"int\"}, {\"name\": \"value\", \"type\": \"bytes\"}]}";
      default -> "\"" + name + "\"";
    };
  }

  /** The time that is read, the one that was written, its number, and the time or why not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timestamp-millis|timestamp-micros|5999|5",
        "timestamp-micros|timestamp-millis|5|5",
        "timestamp-nanos|timestamp-micros|5999|5",
        "timestamp-millis|timestamp-nanos|-1|-1",
        "timestamp-millis|none|5|5",
        "none|timestamp-millis|5|5",
        "none|timestamp-micros|5999|5",
        "timestamp-millis|local-timestamp-millis|5|incompatible-schema ts id 2",
        "io.debezium.time.MicroTimestamp|none|5999|5",
        "io.debezium.time.MicroTimestamp|io.debezium.time.Timestamp|5|5",
        "timestamp-millis|io.debezium.time.NanoTimestamp|5999999|5",
        "none|org.apache.kafka.connect.data.Timestamp|5|5",
      })
  void shouldKnowWhatTheNumbersOfATimeCount(
      String read, String written, String number, String expected) throws Exception {
    registry.add("t-value", SchemaKind.AVRO, timed(read));
    int id = registry.add("t-value", SchemaKind.AVRO, timed(written));
    ParseMeasurements parser = parser(timed(read), "values: kw");
    byte[] record = written(timed(written), "\"meter\": \"m\", \"kw\": 1, \"ts\": " + number);

    ParsedMeasurement parsed = parse(parser, framed(id, record));
    if (parsed.accepted() != null) {
      assertThat("" + parsed.accepted().timeMillis()).isEqualTo(expected);
    } else {
      assertOutcome(parsed, expected);
    }
  }

  private static String timed(String type) {
    String time =
        type.equals("none")
            ? "\"long\""
            : "{\"type\": \"long\", \"%s\": \"%s\"}"
                .formatted(type.contains(".") ? "connect.name" : "logicalType", type);
    return "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"meter\", \"type\": \"string\"}, {\"name\": \"ts\", \"type\": %s}, {\"name\": \"kw\", \"type\": \"double\"}]}"
        .formatted(time);
  }

  /** Five versions in one topic, in any order, and each is what it was to who wrote it. */
  @Test
  void shouldReadEveryVersionOfATopic() throws Exception {
    List<String> versions =
        List.of(
            reading("{\"name\": \"power\", \"type\": \"int\"}"),
            reading(
                "{\"name\": \"power\", \"type\": \"long\"}, {\"name\": \"volts\", \"type\": \"double\", \"default\": 0}"),
            reading(
                "{\"name\": \"volts\", \"type\": \"double\"}, {\"name\": \"kw\", \"type\": \"double\", \"aliases\": [\"power\"]}"),
            reading(
                "{\"name\": \"kw\", \"type\": [\"null\", \"double\"], \"default\": null, \"aliases\": [\"power\"]}"),
            reading(
                "{\"name\": \"state\", \"type\": {\"type\": \"enum\", \"name\": \"S\", \"symbols\": [\"ON\"]}}, {\"name\": \"kw\", \"type\": {\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}, \"aliases\": [\"power\"]}"));
    List<String> values =
        List.of(
            "\"power\": 9",
            "\"power\": 9, \"volts\": 230",
            "\"volts\": 230, \"kw\": 9",
            "\"kw\": {\"double\": 9}",
            "\"state\": \"ON\", \"kw\": \"\\u0003\\u0084\"");
    versions.forEach(text -> registry.add("observations-value", SchemaKind.AVRO, text));
    // With the latest of the registry, and no schema in the job file.
    ParseMeasurements parser = parser(null, "values: kw");

    for (int i = 0; i < 50; i++) {
      int at = (i * 7) % 5;
      byte[] record = written(versions.get(at), "\"meter\": \"m1\", \"ts\": 5, " + values.get(at));
      boolean guid = i % 3 == 0;
      ParsedMeasurement parsed =
          guid
              ? parse(parser, record, header(registry.guid(at + 1)))
              : parse(parser, framed(at + 1, record));
      assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("m1 5 [9.0]");
    }
    assertThat(registry.requests())
        .as("once a schema and once a GUID, and at the start")
        .hasSizeLessThan(13);
  }

  @Test
  void shouldReadNestedRecordsListsAndMaps() throws Exception {
    String v1 =
        reading(
            "{\"name\": \"parts\", \"type\": {\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"Part\", \"fields\": [{\"name\": \"v\", \"type\": \"float\"}, {\"name\": \"u\", \"type\": \"string\"}]}}}, {\"name\": \"by\", \"type\": {\"type\": \"map\", \"values\": \"Part\"}}");
    String v2 =
        reading(
            "{\"name\": \"by\", \"type\": {\"type\": \"map\", \"values\": {\"type\": \"record\", \"name\": \"Part\", \"fields\": [{\"name\": \"u\", \"type\": \"string\"}, {\"name\": \"w\", \"type\": \"int\", \"aliases\": [\"v\"]}]}}}, {\"name\": \"parts\", \"type\": {\"type\": \"array\", \"items\": \"Part\"}}");
    registry.add("t", SchemaKind.AVRO, v1);
    registry.add("t", SchemaKind.AVRO, v2);
    ParseMeasurements parser = parser(v1, "values: ['parts[1].v', by.a.v]", 2);
    byte[] record =
        written(
            v2,
            "\"meter\": \"m1\", \"ts\": 5, \"by\": {\"a\": {\"u\": \"x\", \"w\": 4}}, \"parts\": [{\"u\": \"x\", \"w\": 1}, {\"u\": \"x\", \"w\": 2}]");

    assertThat(JsonMappingTest.outcome(parse(parser, framed(2, record))))
        .isEqualTo("m1 5 [2.0, 4.0]");
  }

  @Test
  void shouldReadSchemasThatReferToOthers() throws Exception {
    String unit =
        "{\"type\": \"record\", \"name\": \"ex.Load\", \"fields\": [{\"name\": \"kw\", \"type\": \"double\"}]}";
    registry.add("load", SchemaKind.AVRO, unit);
    String text = reading("{\"name\": \"load\", \"type\": \"ex.Load\"}");
    int id =
        registry.add(
            "observations-value", SchemaKind.AVRO, text, new String[] {"ex.Load", "load", "1"});
    ParseMeasurements parser = parser(null, "values: load.kw");
    String whole = reading("{\"name\": \"load\", \"type\": " + unit + "}");

    assertThat(
            JsonMappingTest.outcome(
                parse(
                    parser,
                    framed(
                        id,
                        written(whole, "\"meter\": \"m1\", \"ts\": 5, \"load\": {\"kw\": 9}")))))
        .isEqualTo("m1 5 [9.0]");
  }

  @Test
  void shouldRefuseAnotherRecordByItsName() throws Exception {
    String schema = reading(fields("kw double"));
    registry.add("t", SchemaKind.AVRO, schema);
    String other = schema.replace("Reading", "Weather");
    int id = registry.add("t", SchemaKind.AVRO, other);
    ParsedMeasurement parsed =
        parse(
            parser(schema, "values: kw"),
            framed(id, written(other, "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9")));

    assertOutcome(parsed, "incompatible-schema ex.Weather ex.Reading id 2");
  }

  @Test
  void shouldRefuseWhatAConditionCannotRead() throws Exception {
    String read = reading(fields("kw double, state string (status, mode)"));
    String other = reading(fields("kw double, status string, mode string"));
    int id = registry.add("t", SchemaKind.AVRO, read);
    int both = registry.add("t", SchemaKind.AVRO, other);
    ParseMeasurements parser = parser(read, "values: kw, where: {state: 'on'}");
    String json = "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9, ";

    byte[] several = written(other, json + "\"status\": \"on\", \"mode\": \"on\"");
    assertOutcome(
        parse(parser, framed(both, several)), "incompatible-schema state status mode id 2");
    byte[] one = written(read, json + "\"state\": \"on\"");
    assertOutcome(parse(parser, framed(id, one)), "9.0");
  }

  @Test
  void shouldRefuseWhatTheRegistryDoesNotKnow() throws Exception {
    String schema = reading(fields("kw double"));
    registry.add("t", SchemaKind.AVRO, schema);
    registry.add("t", SchemaKind.JSON, "{}");
    registry.add("t", SchemaKind.AVRO, "{");
    ParseMeasurements parser = parser(schema, "values: kw");
    byte[] record = written(schema, "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9");

    assertOutcome(parse(parser, framed(77, record)), "unknown-schema id 77");
    assertOutcome(parse(parser, framed(2, record)), "incompatible-schema id 2 JSON");
    assertOutcome(parse(parser, framed(3, record)), "incompatible-schema id 3");
    UUID nobodys = UUID.randomUUID();
    assertOutcome(parse(parser, record, header(nobodys)), "unknown-schema GUID " + nobodys);
    assertOutcome(parse(parser, record), "malformed __value_schema_id");
    assertOutcome(
        parse(parser, record, new RecordHeaders().add("__value_schema_id", new byte[] {1, 2})),
        "malformed __value_schema_id 2 bytes");
    assertThat(JsonMappingTest.outcome(parse(parser, framed(1, record)))).isEqualTo("m1 5 [9.0]");
    byte[] id = {0, 0, 0, 0, 1};
    assertThat(
            JsonMappingTest.outcome(
                parse(parser, record, new RecordHeaders().add("__value_schema_id", id))))
        .isEqualTo("m1 5 [9.0]");
  }

  /** What is no fault of a record is none of a dead letter. */
  @Test
  void shouldFailWithoutTheRegistryAndNotRefuseTheRecord() throws Exception {
    String schema = reading(fields("kw double"));
    registry.add("t", SchemaKind.AVRO, schema);
    ParseMeasurements parser = parser(schema, "values: kw");
    byte[] record = framed(1, written(schema, "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9"));
    registry.then(Fault.of(401));

    assertThatThrownBy(() -> parse(parser, record)).isInstanceOf(RegistryException.class);
    assertThat(JsonMappingTest.outcome(parse(parser, record))).isEqualTo("m1 5 [9.0]");
  }

  @Test
  void shouldHoldOneSchemaToOneId() throws Exception {
    String schema = reading(fields("kw double, volts double"));
    JobConfig config = config("avro-schema: '%s'".formatted(schema));
    byte[] record = written(schema, "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9, \"volts\": 230");

    assertOutcome(
        parse(Samples.parser(config), framed(4, record)),
        "unknown-schema id 4 source.avro-schemas registry.url");
    ParseMeasurements parser = Samples.parser(Samples.naming(config, 4));
    assertOutcome(
        parse(parser, framed(3, record)),
        "unknown-schema id 4 id 3 source.avro-schemas registry.url");
    assertThat(JsonMappingTest.outcome(parse(parser, framed(4, record)))).isEqualTo("m1 5 [9.0]");
  }

  @Test
  void shouldReadTheSchemasThatAreDeclared(@TempDir Path folder) throws Exception {
    String v1 = reading(fields("kw double, volts double"));
    String v2 = reading(fields("volts double, kw double"));
    Path file = Files.writeString(folder.resolve("v2.avsc"), v2);
    ParseMeasurements parser = without("avro-schemas: {1: '%s', 2: '%s'}".formatted(v1, file));

    assertThat(
            JsonMappingTest.outcome(
                parse(
                    parser,
                    framed(
                        1, written(v1, "\"meter\": \"m1\", \"ts\": 5, \"kw\": 9, \"volts\": 2")))))
        .isEqualTo("m1 5 [9.0]");
    byte[] record = written(v2, "\"meter\": \"m1\", \"ts\": 5, \"volts\": 2, \"kw\": 9");
    assertThat(JsonMappingTest.outcome(parse(parser, framed(2, record)))).isEqualTo("m1 5 [9.0]");
    assertOutcome(
        parse(parser, framed(3, record)), "unknown-schema source.avro-schemas [1, 2] id 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "framing: none|must be given with source.format=avro and source.framing=none: source.avro-schema, text",
        "framing: confluent|must be a subject of the schema registry: source.subject=observations-value",
        "framing: confluent, subject: json|must be of a schema of Avro: source.subject=json is of JSON",
        "framing: confluent, avro-framing: confluent, subject: avro|must not be given with source.framing: source.avro-framing",
        "framing: confluent, subject: avro, topic: [a, b]|must name a field of the schema",
        "framing: confluent, topic: [a, b]|must be given where there is not one topic",
        "framing: confluent, subject: avro, avro-schemas: {1: nowhere}|must be a readable file: source.avro-schemas.1=nowhere",
        "framing: none, avro-schemas: {1: nowhere}|must go with source.framing=confluent",
      })
  void shouldRefuseAtTheStart(String keys, String problem) {
    registry.add("json", SchemaKind.JSON, "{}");
    registry.add("avro", SchemaKind.AVRO, reading(fields("volts double")));
    assertThatThrownBy(() -> config(keys, "values: kw", 1, "", "dead-letters: {topic: d}"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> assertThat(e.problems()).anyMatch(p -> p.startsWith(problem)));
  }

  @Test
  void shouldNotStartWhereTheRegistryDoesNotLetItIn() {
    registry.wants("me", "secret");
    String schema = "framing: confluent, avro-schema: '%s'".formatted(reading(fields("kw double")));
    assertThatThrownBy(() -> config(schema, "values: kw", 1, ", user: me, password: wr0ng"))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).singleElement().asString().contains("must let the job in");
              assertThat(e.getMessage()).doesNotContain("wr0ng");
            });
    assertThat(config(schema, "values: kw", 1, ", user: me, password: secret").toString())
        .doesNotContain("secret");
  }

  private ParseMeasurements parser(String schema, String mapping) {
    return parser(schema, mapping, 1);
  }

  /** With the registry; and with a schema of the job file, unless that is null. */
  private ParseMeasurements parser(String schema, String mapping, int channels) {
    String keys =
        "framing: confluent"
            + (schema == null ? "" : ", avro-schema: '%s'".formatted(schema.replace("\n", " ")));
    return Samples.parser(config(keys, mapping, channels, ""));
  }

  private JobConfig config(
      String keys, String mapping, int channels, String registryKeys, String... more) {
    String[] lines =
        Arrays.copyOf(
            new String[] {
              "source: {format: avro, %s, mapping: {series: meter, time: ts, %s}}"
                  .formatted(keys, mapping),
              "registry: {url: '%s'%s}".formatted(registry.url(), registryKeys),
              "series: {step: 1s, channels: %d}".formatted(channels)
            },
            3 + more.length);
    System.arraycopy(more, 0, lines, 3, more.length);
    return Samples.config(lines);
  }

  /** Without a registry. */
  private static ParseMeasurements without(String keys) {
    return Samples.parser(config(keys));
  }

  private static JobConfig config(String keys) {
    return Samples.config(
        "source: {format: avro, avro-framing: confluent, %s, mapping: {series: meter, time: ts, values: kw}}"
            .formatted(keys));
  }

  /** What a producer with this schema writes for the fields of a record in Avro's JSON. */
  private static byte[] written(String schema, String fields) throws IOException {
    return avro(schema, "{" + fields + "}");
  }

  private static Headers header(UUID guid) {
    return Framed.header("__value_schema_id", guid);
  }

  private static ParsedMeasurement parse(ParseMeasurements parser, byte[] value) {
    return parse(parser, value, Samples.NO_HEADERS);
  }

  private static ParsedMeasurement parse(ParseMeasurements parser, byte[] value, Headers headers) {
    List<ParsedMeasurement> all = parser.parse(Samples.source(value), headers);
    assertThat(all.stream().filter(one -> one.passedOver() == null)).hasSize(1);
    return all.get(0);
  }

  /**
   * @param expected a value; or the reason of a dead letter, and words that its detail has
   */
  private static void assertOutcome(ParsedMeasurement parsed, String expected) {
    if (Character.isDigit(expected.charAt(0))) {
      assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("m1 5 [%s]".formatted(expected));
      return;
    }
    String[] words = expected.split(" ");
    assertThat(parsed.rejection()).as("%s", parsed).isNotNull();
    assertThat(parsed.rejection().code().code()).isEqualTo(words[0]);
    assertThat(parsed.rejection().detail())
        .contains(Arrays.copyOfRange(words, 1, words.length))
        .doesNotContain("Exception", "org.apache");
  }
}
