package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.ConfigType;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CalendarCovariate;
import io.tidecast.flink.format.AvroMappingTest;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.csv.LineParser;
import io.tidecast.flink.testing.Samples;
import io.tidecast.schemas.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of {@code docs/streams.md} are files here, and work. */
class StreamsPageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "meter.json",
        "meters.yaml",
        "climate.avsc",
        "climate.yaml",
        "sites.yaml",
        "weather.json",
        "site.yaml",
        "history.yaml"
      })
  void shouldShowTheFile(String name) throws IOException {
    assertThat(page()).contains("\n" + resource(name) + "```\n");
  }

  @Test
  void shouldReadTheMeter() throws IOException {
    ParseMeasurements parser = Samples.parser(Samples.config(sections(resource("meters.yaml"))));
    byte[] value = resource("meter.json").getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed =
        parser.parse(new SourceRecord("plant-north", 0, 0, -1, null, value), Samples.NO_HEADERS);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("plant-north/4711 1795167000000 [12.5]");
    assertThat(page()).contains("`plant-north/4711` with 12.5 at 09:30 UTC");
  }

  @Test
  void shouldReadTheClimate() throws IOException {
    String avsc = resource("climate.avsc");
    String yaml =
        resource("climate.yaml").replace("climate.avsc", "'" + avsc.replace("\n", " ") + "'");
    ParseMeasurements parser = Samples.parser(Samples.config(sections(yaml)));
    Schema schema = new Schema.Parser().parse(avsc);
    GenericRecord record = new GenericData.Record(schema);
    record.put("room", "attic");
    record.put("at", 1_700_000_000_123_456L);
    record.put("sensor", "humidity");
    record.put("value", 0.5f);
    byte[] body = AvroMappingTest.bytes(schema, record);
    byte[] framed = ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(7).put(body).array();

    ParsedMeasurement parsed = parser.parse(Samples.source(framed), Samples.NO_HEADERS);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("attic 1700000000123 [NaN, 0.5]");
  }

  @Test
  void shouldReadTheWeather() throws IOException {
    JobConfig config = Samples.config(sections(resource("sites.yaml")));
    ParseMeasurements parser = Samples.covariateParser(config);
    parser.open(null);
    byte[] value = resource("weather.json").getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed = parser.parse(Samples.source(value), Samples.NO_HEADERS);

    assertThat(JsonMappingTest.outcome(parsed)).isEqualTo("harbour 1795240800000 [3.5, 9.0]");
  }

  @Test
  void shouldShowEveryFeatureOfTheCalendar() throws IOException {
    String page = page();
    for (CalendarCovariate feature : CalendarCovariate.values()) {
      assertThat(page).contains("\n| `" + ConfigType.textOf(feature) + "` | ");
    }
  }

  @Test
  void shouldReadTheSite() throws IOException {
    ParseMeasurements parser = Samples.parser(Samples.config(sections(resource("site.yaml"))));
    String json =
        "{\"site\": \"plant\", \"meter\": \"south\", \"at\": 1700000100000, \"kw\": 3.5, \"volts\": 230}";
    assertThat(page()).contains("\n" + json + "\n");

    ParsedMeasurement parsed =
        parser.parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS);

    assertThat(JsonMappingTest.outcome(parsed))
        .isEqualTo("plant 1700000100000 [NaN, NaN, 3.5, 230.0]");
  }

  @Test
  void shouldReadTheHistory() throws IOException {
    String line = "2016-07-01 00:00:00,5.827,2.009,30.531";
    assertThat(page()).contains("date,HUFL,HULL,OT\n" + line + "\n");
    LineParser.OfFile parser =
        Samples.closedParser(
                Samples.config(
                    Stream.concat(
                            Stream.of("series: {step: 1h, channels: 3}"),
                            Stream.of(sections(resource("history.yaml"))))
                        .toArray(String[]::new)))
            .ofColumns(List.of("date", "HUFL", "HULL", "OT"));
    byte[] value = line.getBytes(StandardCharsets.UTF_8);

    ParsedMeasurement parsed =
        parser.parse(new SourceRecord("history/2016.csv", 0, 2, -1, null, value));

    assertThat(JsonMappingTest.outcome(parsed))
        .isEqualTo("2016 1467331200000 [5.827, 2.009, 30.531]");
  }

  @Test
  void shouldKnowTheReasons() throws IOException {
    String page = page();
    for (ErrorCode code :
        Arrays.asList(
            ErrorCode.MALFORMED,
            ErrorCode.MISSING_FIELD,
            ErrorCode.INVALID_FIELD,
            ErrorCode.UNKNOWN_CHANNEL,
            ErrorCode.INVALID_SERIES,
            ErrorCode.TIME_OUT_OF_RANGE,
            ErrorCode.NON_FINITE_VALUE,
            ErrorCode.UNKNOWN_SERIES,
            ErrorCode.HORIZON_OUT_OF_RANGE,
            ErrorCode.TOO_LITTLE_CONTEXT,
            ErrorCode.TOO_MANY_MISSING,
            ErrorCode.INFERENCE_FAILED,
            ErrorCode.TOO_MANY_SERIES)) {
      assertThat(page).contains("`" + code.code() + "`");
    }
  }

  /** Each section of its own, as {@link Samples#config} takes them. */
  private static String[] sections(String yaml) {
    return yaml.split("\n(?=\\w)");
  }

  private static String page() throws IOException {
    return Files.readString(Path.of(System.getProperty("tidecast.root"), "docs", "streams.md"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = StreamsPageTest.class.getResourceAsStream("streams/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
