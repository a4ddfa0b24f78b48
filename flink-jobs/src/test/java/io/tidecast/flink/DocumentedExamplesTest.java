package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.registry.SchemaKind;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.csv.LineParser;
import io.tidecast.flink.testing.FakeRegistry;
import io.tidecast.flink.testing.Framed;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.csv.CsvException;
import io.tidecast.runtime.csv.CsvLayout;
import io.tidecast.runtime.csv.CsvOptions;
import io.tidecast.runtime.csv.CsvWanted;
import io.tidecast.runtime.text.MissingWords;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The examples of the pages about streams ({@code docs/concepts.md}, {@code docs/how-to}, {@code
 * docs/reference}) and of {@code README.md} work; those that are read here are files, too.
 */
class DocumentedExamplesTest {

  private static final String JSON = "how-to/json-topic.md";
  private static final String AVRO = "how-to/avro-topic.md";
  private static final String CSV = "how-to/csv-files-and-history.md";
  private static final String CHANNELS = "how-to/several-channels.md";
  private static final String COVARIATES = "how-to/covariates-from-a-topic.md";
  private static final String CALENDAR = "how-to/covariates-from-the-calendar.md";

  /** It has what the examples name. */
  private static final FakeRegistry REGISTRY = new FakeRegistry();

  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

  @BeforeAll
  static void fillTheRegistry() {
    REGISTRY.add(
        "meter-readings-value",
        SchemaKind.AVRO,
        "{\"type\": \"record\", \"name\": \"Reading\", \"fields\": [{\"name\": \"meter\", \"type\": \"string\"}, {\"name\": \"ts\", \"type\": \"long\"}, {\"name\": \"kw\", \"type\": \"double\"}]}");
    REGISTRY.add(
        "meters.public.reading-key",
        SchemaKind.AVRO,
        "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"meter_id\", \"type\": \"int\"}]}");
    REGISTRY.add(
        "meters.public.reading-value",
        SchemaKind.AVRO,
        """
        {"type": "record", "name": "Envelope", "fields": [
          {"name": "after", "type": ["null", {"type": "record", "name": "Value", "fields": [
            {"name": "read_at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
            {"name": "kwh", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}]},
          {"name": "op", "type": "string"}]}
        """);
    REGISTRY.add(
        "meter-states-value",
        SchemaKind.PROTOBUF,
        """
        syntax = "proto3";
        package com.example;
        import "google/protobuf/timestamp.proto";
        message Load { double kw = 1; }
        message State { string meter = 1; google.protobuf.Timestamp at = 2; Load load = 3; }
        """);
  }

  @AfterAll
  static void closeTheRegistry() {
    REGISTRY.close();
  }

  @ParameterizedTest
  @CsvSource({
    "meter.json, " + JSON,
    "meters.yaml, " + JSON,
    "climate.avsc, " + AVRO,
    "climate.yaml, " + AVRO,
    "sites.yaml, " + COVARIATES,
    "weather.json, " + COVARIATES,
    "site.yaml, " + CHANNELS,
    "history.yaml, " + CSV
  })
  void shouldShowTheFile(String name, String page) throws IOException {
    assertThat(page(page)).contains("\n" + resource(name) + "```\n");
  }

  /** Nothing may be shown that a job file refuses. */
  @ParameterizedTest
  @MethodSource("pages")
  void shouldShowJobFilesThatAreAccepted(String page) throws IOException {
    Matcher examples = YAML.matcher(page(page));
    while (examples.find()) {
      String yaml = withSchema(examples.group(1));
      String[] sections =
          yaml.contains("format: csv") ? ofThreeColumns(yaml) : sections(yaml + "\n");

      assertThatCode(() -> Samples.config(sections)).as(yaml).doesNotThrowAnyException();
    }
  }

  @Test
  void shouldKnowThePagesWithExamples() throws IOException {
    assertThat(pages())
        .contains("concepts.md", JSON, AVRO, CSV, CHANNELS, COVARIATES, CALENDAR)
        .contains("reference/dead-letters.md");
    assertThat(page(CHANNELS)).containsPattern(YAML);
  }

  @Test
  void shouldReadTheMeter() throws IOException {
    ParseMeasurements parser = Samples.parser(Samples.config(sections(resource("meters.yaml"))));
    byte[] value = resource("meter.json").getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed =
        parser
            .parse(new SourceRecord("plant-north", 0, 0, -1, null, value), Samples.NO_HEADERS)
            .get(0);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("plant-north/4711 1795167000000 [12.5]");
    assertThat(page(JSON)).contains("`plant-north/4711` with 12.5 at 09:30 UTC");
  }

  @Test
  void shouldReadTheClimate() throws IOException {
    String avsc = resource("climate.avsc");
    ParseMeasurements parser =
        Samples.parser(
            Samples.naming(Samples.config(sections(withSchema(resource("climate.yaml")))), 7));
    Schema schema = new Schema.Parser().parse(avsc);
    GenericRecord record = new GenericData.Record(schema);
    record.put("room", "attic");
    record.put("at", 1_700_000_000_123_456L);
    record.put("sensor", "humidity");
    record.put("value", 0.5f);
    byte[] body = Framed.avro(schema, record);

    ParsedMeasurement parsed =
        parser.parse(Samples.source(Framed.framed(7, body)), Samples.NO_HEADERS).get(0);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("attic 1700000000123 [NaN, 0.5]");
  }

  @Test
  void shouldReadTheWeather() throws IOException {
    JobConfig config = Samples.config(sections(resource("sites.yaml")));
    ParseMeasurements parser = Samples.covariateParser(config);
    parser.open(null);
    byte[] value = resource("weather.json").getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed = parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("harbour 1795240800000 [3.5, 9.0]");
  }

  @Test
  void shouldShowEveryFeatureOfTheCalendar() throws IOException {
    String page = page(CALENDAR);
    for (CalendarCovariate feature : CalendarCovariate.values()) {
      assertThat(page).contains("\n| `" + Spelling.of(feature) + "` | ");
    }
  }

  @Test
  void shouldReadTheSite() throws IOException {
    ParseMeasurements parser = Samples.parser(Samples.config(sections(resource("site.yaml"))));
    String json =
        "{\"site\": \"plant\", \"meter\": \"south\", \"at\": 1700000100000, \"kw\": 3.5, \"volts\": 230}";
    assertThat(page(CHANNELS)).contains("\n" + json + "\n");

    ParsedMeasurement parsed =
        parser
            .parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS)
            .get(0);

    assertThat(JsonMappingTest.outcome(parsed))
        .isEqualTo("plant 1700000100000 [NaN, NaN, 3.5, 230.0]");
  }

  @TempDir private Path folder;

  private CsvLayout history() throws IOException, CsvException {
    Path file = folder.resolve("2016.csv");
    Files.writeString(file, "date,HUFL,HULL,OT\n");
    return CsvLayout.of(
        file,
        CsvOptions.none(CsvOptions.Keys.OF_JOB),
        new CsvWanted(List.of("date"), List.of(), List.of(), null, null, MissingWords.usual()));
  }

  @Test
  void shouldReadTheHistory() throws IOException, CsvException {
    String line = "2016-07-01 00:00:00,5.827,2.009,30.531";
    assertThat(page(CSV)).contains("date,HUFL,HULL,OT\n" + line + "\n");
    LineParser.OfFile parser =
        Samples.closedParser(Samples.config(ofThreeColumns(resource("history.yaml"))))
            .ofFile(history(), new byte[0]);
    byte[] value = line.getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed =
        parser.parse(new SourceRecord("history/2016.csv", 0, 2, -1, null, value)).get(0);

    assertThat(JsonMappingTest.outcome(parsed))
        .isEqualTo("2016 1467331200000 [5.827, 2.009, 30.531]");
  }

  @ParameterizedTest
  @EnumSource
  void shouldKnowTheReason(ErrorCode code) throws IOException {
    assertThat(page("reference/dead-letters.md"))
        .containsPattern("(?m)^\\| [^|]*`" + code.code() + "`");
    assertThat(page("troubleshooting.md")).contains("\n### `" + code.code() + "`\n");
  }

  @Test
  void shouldKnowTheReasonsOfRequests() throws IOException {
    String page = page("how-to/forecasts-on-request.md");
    for (ErrorCode code :
        List.of(
            ErrorCode.MALFORMED,
            ErrorCode.MISSING_FIELD,
            ErrorCode.INVALID_FIELD,
            ErrorCode.INVALID_SERIES,
            ErrorCode.HORIZON_OUT_OF_RANGE,
            ErrorCode.UNKNOWN_SERIES,
            ErrorCode.TOO_LITTLE_CONTEXT,
            ErrorCode.TOO_MANY_MISSING,
            ErrorCode.INFERENCE_FAILED)) {
      assertThat(page).contains("`" + code.code() + "`");
    }
  }

  /** Each section of its own, as {@link Samples#config} takes them. */
  private static String[] sections(String yaml) {
    return yaml.split("\n(?=\\w)");
  }

  /** The schema in place of the name of its file, which is not there. */
  private static String withSchema(String yaml) throws IOException {
    String avsc = resource("climate.avsc").replace("\n", " ");
    return yaml.replace("climate.avsc", "'" + avsc + "'")
        .replace("http://registry-1:8081", "'" + REGISTRY.url() + "'");
  }

  private static String[] ofThreeColumns(String yaml) {
    return Stream.concat(Stream.of("series: {step: 1h, channels: 3}"), Stream.of(sections(yaml)))
        .toArray(String[]::new);
  }

  static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>(List.of("concepts.md", "../README.md"));
    for (String folder : List.of("how-to", "reference")) {
      try (Stream<Path> files = Files.list(docs().resolve(folder))) {
        files
            .map(file -> folder + "/" + file.getFileName())
            .filter(name -> name.endsWith(".md"))
            .sorted()
            .forEach(pages::add);
      }
    }
    return pages;
  }

  private static String page(String name) throws IOException {
    return Files.readString(docs().resolve(name));
  }

  private static Path docs() {
    return Path.of(System.getProperty("tidecast.root"), "docs");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DocumentedExamplesTest.class.getResourceAsStream("streams/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
