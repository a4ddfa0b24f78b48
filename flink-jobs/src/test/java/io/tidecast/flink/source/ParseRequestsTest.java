package io.tidecast.flink.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ParsedRequest;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.testing.Samples;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests of a model that forecasts two steps. */
class ParseRequestsTest {

  @Test
  void shouldReadARequest() {
    ForecastRequest whole = parse("{\"series\": \"a\"}").accepted();
    assertThat(whole.series()).isEqualTo("a");
    assertThat(whole.horizon()).isNull();
    assertThat(whole.source().offset()).isEqualTo(42);
    ForecastRequest one = parse("{\"horizon\": 1, \"id\": 7, \"series\": \"a/b\"}").accepted();
    assertThat(one.series()).isEqualTo("a/b");
    assertThat(one.horizon()).isEqualTo(1);
    assertThat(parse("{\"series\": \"a\", \"horizon\": null}").accepted().horizon()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"series\": \"a\"                        | malformed            | value must be one whole JSON value",
        "{\"series\": \"a\"} {}                    | malformed            | value must be one whole JSON value",
        "{\"series\": \"a\", \"series\": \"b\"}    | malformed            | value must be one whole JSON value",
        "[\"a\"]                                   | invalid-field        | must be in an object: series",
        "{\"horizon\": 1}                          | missing-field        | field must be there and not null: series",
        "{\"series\": null}                        | missing-field        | field must be there and not null: series",
        "{\"series\": 7}                           | invalid-field        | field must be text: series=7",
        "{\"series\": \" \"}                       | invalid-series       | length=1",
        "{\"series\": \"a\", \"horizon\": \"1\"}   | invalid-field        | field must be a whole number: horizon=\"1\"",
        "{\"series\": \"a\", \"horizon\": 1.0}     | invalid-field        | field must be a whole number: horizon=1.0",
        "{\"series\": \"a\", \"horizon\": 0}       | horizon-out-of-range | within 1..2",
        "{\"series\": \"a\", \"horizon\": 3}       | horizon-out-of-range | horizon=3",
        "{\"series\": \"a\", \"horizon\": 99999999999999999999} | horizon-out-of-range | within 1..2",
      })
  void shouldSayWhatIsWrong(String json, String reason, String detail) {
    Rejection rejection = parse(json).rejection();
    assertThat(rejection.code().code()).isEqualTo(reason);
    assertThat(rejection.detail()).contains(detail);
    assertThat(rejection.source().value()).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldPassOnTheTraceOfARequest() {
    ParseRequests parser = new ParseRequests(2, 100, PassedHeaders.OF_A_TRACE, () -> Samples.NOW);
    parser.open(null);
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", utf8("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    SourceRecord source = Samples.source(utf8("{\"series\": \"a\"}"));
    assertThat(parser.parse(source, headers).accepted().source().passed()).isNotNull();
    assertThat(parser.parse(source, Samples.NO_HEADERS).accepted().source().passed()).isNull();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void shouldTakeATombstoneForMalformed() {
    ParseRequests parser = new ParseRequests(2, 100, PassedHeaders.NONE, () -> Samples.NOW);
    parser.open(null);
    assertThat(parser.parse(Samples.source(null), Samples.NO_HEADERS).rejection().code().code())
        .isEqualTo("malformed");
  }

  private static ParsedRequest parse(String json) {
    ParseRequests parser = new ParseRequests(2, 1_000, PassedHeaders.OF_A_TRACE, () -> Samples.NOW);
    parser.open(null);
    return parser.parse(Samples.source(json.getBytes(StandardCharsets.UTF_8)), Samples.NO_HEADERS);
  }
}
