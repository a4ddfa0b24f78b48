package io.tidecast.flink.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records of change data capture, as Debezium writes them through Kafka Connect's JsonConverter.
 */
class ChangeRecordsTest {

  private static final String ROW =
      """
      {"type": "struct", "optional": true, "field": "%s", "name": "shop.public.readings.Value",
       "fields": [
        {"type": "int32", "optional": false, "field": "id"},
        {"type": "int32", "optional": false, "field": "meter_id"},
        {"type": "int64", "optional": false, "name": "io.debezium.time.MicroTimestamp",
         "version": 1, "field": "read_at"},
        {"type": "bytes", "optional": true, "name": "org.apache.kafka.connect.data.Decimal",
         "version": 1, "parameters": {"scale": "3", "connect.decimal.precision": "10"},
         "field": "kwh"}]}
      """;

  private static final String SCHEMA =
      """
      {"type": "struct", "optional": false, "name": "shop.public.readings.Envelope", "version": 2,
       "fields": [%s, %s, {"type": "string", "optional": false, "field": "op"}]}
      """
          .formatted(ROW.formatted("before"), ROW.formatted("after"));

  private static final String WITH_SCHEMA =
      """
      series: payload.after.meter_id
      time: payload.after.read_at
      time-format: epoch-micros
      values: payload.after.kwh
      """;

  private static final String WITHOUT =
      """
      series: after.meter_id
      time: after.read_at
      time-format: epoch-micros
      values: after.kwh
      """;

  /** The state of a row, with the bytes of its decimal. */
  private static String row(String kwh) {
    return "{\"id\": 1, \"meter_id\": 7, \"read_at\": 1714521600000000, \"kwh\": %s}"
        .formatted(kwh);
  }

  private static String change(String op, String before, String after) {
    return "{\"before\": %s, \"after\": %s, \"source\": {\"db\": \"shop\", \"snapshot\": \"false\"}, \"op\": \"%s\", \"ts_ms\": 1714521600123}"
        .formatted(before, after, op);
  }

  private static String enveloped(String payload) {
    return "{\"schema\": %s, \"payload\": %s}".formatted(SCHEMA, payload);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c", "u", "r"})
  void shouldReadTheScaleFromTheSchemaInTheRecord(String op) {
    assertThat(read(WITH_SCHEMA, enveloped(change(op, "null", row("\"MDk=\"")))))
        .containsExactly("7 1714521600000 [12.345]");
  }

  /** The bytes of 12345, −1, 0, 128, and a whole number of twenty digits. */
  @ParameterizedTest
  @CsvSource({
    "MDk=, 2, 123.45",
    "MDk=, 0, 12345.0",
    "/w==, 2, -0.01",
    "AA==, 2, 0.0",
    "AIA=, 0, 128.0",
    "AKtUqYzrHwrS, 10, 1.2345678901234567E9",
  })
  void shouldTakeTheDeclaredScaleWhereThereIsNoSchema(String bytes, int scale, double value) {
    for (String record :
        List.of(
            change("c", "null", row("\"" + bytes + "\"")),
            "{\"schema\": {}, \"payload\": %s}"
                .formatted(change("c", "null", row("\"" + bytes + "\""))))) {
      String mapping = record.startsWith("{\"schema\"") ? WITH_SCHEMA : WITHOUT;
      assertThat(read(mapping + "decimal-scale: " + scale, record))
          .containsExactly("7 1714521600000 [%s]".formatted(value));
    }
  }

  /** Of what the two columns are, with their bytes or numbers, and the value that is right. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "decimal3, null, decimal1, `\"MDk=\"`, 1234.5",
        "decimal3, `\"MDk=\"`, decimal1, `\"MDk=\"`, 12.345",
        "decimal3, null, string, `\"1234\"`, 1234.0",
        "double, null, decimal1, `\"MDk=\"`, 1234.5",
      })
  void shouldTakeTheScaleOfTheColumnThatIsThere(
      String ofFirst, String first, String ofSecond, String second, double value) {
    String mapping =
        """
        series: $topic
        time: $timestamp
        values: payload.after.a || payload.after.b
        allow-numeric-strings: true
        """;
    String record =
        """
        {"schema": {"type": "struct", "fields": [{"type": "struct", "field": "after", "fields": [
          %s, %s]}]},
         "payload": {"after": {"a": %s, "b": %s}, "op": "c"}}
        """
            .formatted(column("a", ofFirst), column("b", ofSecond), first, second);
    assertThat(read(mapping, record)).containsExactly("t %d [%s]".formatted(Samples.NOW, value));
  }

  /** The schema of a column; of a decimal with its scale. */
  private static String column(String name, String type) {
    return type.startsWith("decimal")
        ? "{\"type\": \"bytes\", \"name\": \"org.apache.kafka.connect.data.Decimal\", \"parameters\": {\"scale\": \"%s\"}, \"field\": \"%s\"}"
            .formatted(type.substring(7), name)
        : "{\"type\": \"%s\", \"field\": \"%s\"}".formatted(type, name);
  }

  /** The scale, the bytes of 7, 700, 701, −7, a number of 23 digits and one of 41, and the name. */
  @ParameterizedTest
  @CsvSource({
    "0, Bw==, 7",
    "2, Arw=, 7",
    "0, +Q==, -7",
    "0, Ap1Ctk52cUJEyw==, 12345678901234567890123",
    "-2, Bw==, 700",
    "40, HWMp8cNcpL+rufVhAAAAAAA=, 1",
    "2, Ar0=, ",
  })
  void shouldNameSeriesByTheNumberThatADecimalIs(String scale, String bytes, String name) {
    String schema =
        "{\"type\": \"struct\", \"fields\": [{\"type\": \"struct\", \"field\": \"after\", \"fields\": [%s]}, %s]}"
            .formatted(column("id", "decimal" + scale), column("id", "decimal" + scale));
    String enveloped =
        "{\"schema\": %s, \"payload\": {\"id\": \"%s\", \"after\": {\"id\": \"%s\"}, \"v\": 1}}"
            .formatted(schema, bytes, bytes);
    String variable =
        "{\"after\": {\"id\": {\"scale\": %s, \"value\": \"%s\"}}, \"v\": 1}"
            .formatted(scale, bytes);
    String mapping = "series: %s\ntime: $timestamp\nvalues: %s";
    for (String path : List.of("payload.after.id", "payload.before.id || payload.after.id")) {
      assertNamed(read(mapping.formatted(path, "payload.v"), enveloped), name);
    }
    assertNamed(read(mapping.formatted("after.id", "v"), variable), name);
    for (boolean ofSchema : List.of(true, false)) {
      String path = ofSchema ? "$key.payload.id" : "$key.after.id";
      String key = ofSchema ? enveloped : variable;
      assertNamed(read("key-type: json", mapping.formatted(path, "v"), key, "{\"v\": 1}"), name);
    }
  }

  private static void assertNamed(List<String> outcome, String name) {
    if (name == null) {
      assertThat(outcome)
          .singleElement()
          .asString()
          .startsWith("invalid-field: field must be text or a whole number: ")
          .endsWith("id=7.01");
    } else {
      assertThat(outcome).containsExactly("%s %d [1.0]".formatted(name, Samples.NOW));
    }
  }

  /** Which of the texts of a record are decimals, the job file does not say of names. */
  @Test
  void shouldTakeTextForANameUnlessTheRecordItselfSaysThatItIsADecimal() {
    String mapping = "series: %s.id\ntime: $timestamp\nvalues: %s.v\ndecimal-scale: 0";
    String row = "{\"id\": \"Bw==\", \"v\": \"Bw==\"}";
    String outcome = "Bw== %d [7.0]".formatted(Samples.NOW);
    assertThat(read(mapping.formatted("after", "after"), "{\"after\": %s}".formatted(row)))
        .containsExactly(outcome);
    for (String fields : List.of("[%s]".formatted(column("id", "string")), "[]", "null")) {
      assertThat(
              read(
                  mapping.formatted("payload", "payload"),
                  "{\"schema\": {\"fields\": %s}, \"payload\": %s}".formatted(fields, row)))
          .containsExactly(outcome);
    }
    assertThat(
            read(
                mapping.formatted("payload", "$"),
                "{\"schema\": \"{v1}\", \"payload\": %s, \"v\": 7}".formatted(row)))
        .as("what is called schema may be anything")
        .containsExactly(outcome);
    assertThat(
            read(
                mapping.formatted("after", "$"),
                "{\"after\": {\"id\": {\"scale\": 0, \"value\": \"a b\"}}, \"v\": 7}"))
        .containsExactly(
            "invalid-field: field must be text or a whole number: after.id=something with parts");
  }

  @Test
  void shouldReadTheOtherWaysOfWritingDecimals() {
    assertThat(read(WITHOUT, change("c", "null", row("12.345"))))
        .as("decimal.handling.mode=double")
        .containsExactly("7 1714521600000 [12.345]");
    assertThat(
            read(WITHOUT + "allow-numeric-strings: true", change("c", "null", row("\"12.345\""))))
        .as("decimal.handling.mode=string")
        .containsExactly("7 1714521600000 [12.345]");
    assertThat(read(WITHOUT, change("c", "null", row("{\"scale\": 3, \"value\": \"MDk=\"}"))))
        .as("a decimal whose scale varies")
        .containsExactly("7 1714521600000 [12.345]");
  }

  @Test
  void shouldSayThatADecimalIsOneAndWhichKeyReadsIt() {
    assertThat(read(WITHOUT, change("c", "null", row("\"MDk=\""))))
        .containsExactly(
            "invalid-field: field must be a number: after.kwh=\"MDk=\", which looks like a Decimal of"
                + " Kafka Connect in base64; set source.mapping.decimal-scale to its digits behind the point");
    assertThat(read(WITHOUT, change("c", "null", row("\"high\""))))
        .containsExactly("invalid-field: field must be a number: after.kwh=\"high\"");
    assertThat(read(WITHOUT + "decimal-scale: 2", change("c", "null", row("\"no%\""))))
        .containsExactly(
            "invalid-field: field must be a number: after.kwh=\"no%\", nor is it a decimal of 2 digits"
                + " behind the point in base64 (source.mapping.decimal-scale)");
    assertThat(
            read(
                WITHOUT + "decimal-scale: 2\nmissing-values: nan",
                change("c", "null", row("\"NaN\""))))
        .as("a word that is missing")
        .containsExactly("7 1714521600000 [NaN]");
  }

  @Test
  void shouldPassOverDeletesTruncatesAndTombstones() {
    assertThat(read(WITH_SCHEMA, enveloped(change("d", row("\"MDk=\""), "null"))))
        .containsExactly("1 deleted");
    assertThat(read(WITHOUT, change("d", row("1"), "null"))).containsExactly("1 deleted");
    assertThat(read(WITHOUT, change("t", "null", "null"))).containsExactly("1 deleted");
    assertThat(read(WITHOUT, null)).containsExactly("1 tombstone");
    assertThat(
            read("each: after.points\nseries: id\ntime: t\nvalues: v", change("d", "{}", "null")))
        .containsExactly("1 deleted");
    assertThat(read(WITHOUT, change("u", "null", "null")))
        .as("an update must have what the row became")
        .containsExactly("missing-field: field must be there and not null: after.meter_id");
    assertThat(read(WITHOUT + "where: {op: [c, u]}", change("r", "null", row("1"))))
        .containsExactly("1 not-asked-for");
  }

  /** MongoDB's connector has the document as text. */
  @Test
  void shouldGoIntoADocumentThatIsText() {
    assertThat(
            read(
                WITHOUT,
                change(
                    "c",
                    "null",
                    "\"{\\\"meter_id\\\": 7, \\\"read_at\\\": 1714521600000000, \\\"kwh\\\": 1.5}\"")))
        .containsExactly("7 1714521600000 [1.5]");
  }

  private static List<String> read(String mapping, String value) {
    return read("", mapping, null, value);
  }

  /**
   * @param source what else is said of it
   */
  private static List<String> read(String source, String mapping, String key, String value) {
    return Samples.parser(
            Samples.config(
                "source:\n  format: json\n  %s\n  mapping:\n    %s"
                    .formatted(source, mapping.strip().replace("\n", "\n    "))))
        .parse(
            new SourceRecord("t", 0, 1, Samples.NOW, bytes(key), bytes(value)), Samples.NO_HEADERS)
        .stream()
        .map(JsonMappingTest::described)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }
}
