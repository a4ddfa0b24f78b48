package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.format.JsonMappingTest;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the records of a topic of covariates; NOW is 2026-11-20T12:00:00Z. */
class ParseCovariatesTest {

  private static final long DAY = 86_400_000;
  private static final String JSON =
      "covariates: {topic: w, names: [t, wind], keyed-by: %s, format: json, mapping: {%s time: at,"
          + " time-format: iso-8601, values: [c, w]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"k\": \"x\", \"at\": \"2026-11-21T11:00:00Z\", \"c\": 1, \"w\": 2} | x 1795258800000 [1.0, 2.0]",
        "{\"k\": \"x\", \"at\": \"2026-11-21T13:00:00Z\", \"c\": 1, \"w\": 2} | time-out-of-range time must be within 0001-01-01T00:00:00Z..2026-11-21T12:00:00Z (covariates.max-future ahead of the clock): time=2026-11-21T13:00:00Z",
        "{\"k\": \"x\", \"at\": \"2026-11-21T11:00:00Z\", \"c\": 1} | missing-field field must be there and not null: w",
        "{\"k\": \"x\", \"at\": \"2026-11-21T11:00:00Z\", \"c\": \"warm\", \"w\": 2} | invalid-field field must be a number: c=\"warm\"",
        "{\"k\": \"x\", \"at\": \"2026-11-21T11:00:00Z\", \"c\": 1e99, \"w\": 2} | non-finite-value value must be finite as a 32-bit float: c=1.0E99",
        "{\"k\": \" \", \"at\": \"2026-11-21T11:00:00Z\", \"c\": 1, \"w\": 2} | invalid-series series must have 1 to 255 characters, not all blank: length=1",
        "{\"at\": | malformed",
      })
  void shouldReadOrRefuse(String json, String outcome) {
    ParsedMeasurement parsed =
        parse(Samples.config(JSON.formatted("series", "key: k,")), bytes(json));
    String found =
        parsed.rejection() == null
            ? JsonMappingTest.outcome(parsed)
            : parsed.rejection().code().code() + " " + parsed.rejection().detail();
    assertThat(found).startsWith(outcome);
  }

  @Test
  void shouldKnowNoNameOfWhatAllSeriesShare() {
    byte[] value = bytes("{\"at\": \"2026-11-21T11:00:00Z\", \"c\": 1, \"w\": 2}");
    ParsedMeasurement parsed = parse(Samples.config(JSON.formatted("global", "")), value);
    assertThat(parsed.accepted().series()).isEmpty();
    assertThat(parsed.accepted().values()).containsExactly(1, 2);
  }

  @Test
  void shouldReadTidecastsOwnRecords() {
    String own = "covariates: {topic: w, names: [t, wind], keyed-by: %s}";
    byte[] value = Samples.observation("x", Samples.NOW + DAY - 1, 1.0, null);
    Measurement ofSeries = parse(Samples.config(own.formatted("series")), value).accepted();
    assertThat(ofSeries.series()).isEqualTo("x");
    assertThat(ofSeries.values()).containsExactly(1, Float.NaN);
    assertThat(parse(Samples.config(own.formatted("global")), value).accepted().series()).isEmpty();
    byte[] tooShort = Samples.observation("x", Samples.NOW, 1.0);
    assertThat(parse(Samples.config(own.formatted("series")), tooShort).rejection().code().code())
        .isEqualTo("wrong-channel-count");
  }

  private static ParsedMeasurement parse(JobConfig config, byte[] value) {
    ParseMeasurements parser = Samples.covariateParser(config);
    parser.open(null);
    return parser.parse(Samples.source(value), Samples.NO_HEADERS).get(0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
