package io.tidecast.flink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.sink.RecordFormat;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkRulesTest {

  @Test
  void shouldWriteDeadLettersAsForecastsUnlessToldOtherwise() {
    assertThat(Samples.config().deadLetters().records().format()).isEqualTo(RecordFormat.TIDECAST);
    assertThat(Samples.config("sink: {format: connect-json}").deadLetters().records().format())
        .isEqualTo(RecordFormat.CONNECT_JSON);
    assertThat(
            Samples.config("sink: {format: json}", "dead-letters: {format: tidecast}")
                .deadLetters()
                .records()
                .format())
        .isEqualTo(RecordFormat.TIDECAST);
  }

  @Test
  void shouldNameSchemasInTheFormatsThatHaveThem() {
    String registry = "registry: {url: \"http://127.0.0.1:1\"}";
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> Samples.config(registry, "sink: {format: json, framing: confluent}"));
    assertThat(refused.problems())
        .containsExactly(
            "must go with sink.format=avro or protobuf, for others name no schema: sink.framing=confluent, sink.format=json");
  }

  @Test
  void shouldNameTheJobAsTheSourceOfItsEvents() {
    SinkSettings.Kafka sink =
        (SinkSettings.Kafka)
            Samples.config("sink: {cloud-events: true}", "job: {name: the meters/1}").sink();
    assertThat(sink.records().eventSource()).isEqualTo("/tidecast/the%20meters%2F1");
    assertThat(((SinkSettings.Kafka) Samples.config().sink()).records().eventSource()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: series-time}|must be series or series-origin for records of whole forecasts; for others set sink.layout=points: sink.key=series-time
          {format: avro, json-times: epoch-millis}|must be left out, for no record is plain JSON: sink.json-times=epoch-millis; with sink.format=avro times have a type of their own
          {cloud-events-source: /a}|must be left out without sink.cloud-events=true: sink.cloud-events-source=/a
          {format: avro, framing: confluent}|must go with registry.url: sink.framing=confluent
          {format: protobuf, register-schemas: true}|must go with sink.framing=confluent: sink.register-schemas
          {pass-headers: [tracestate]}|must be none, or the name of a header: 1 to 100 characters without blanks, but not content-type, ce_… or …_schema_id; or a list of different ones; at most 8 of them, tracestate only after traceparent: sink.pass-headers=[tracestate]
          {pass-headers: ce_id}|must be none, or the name of a header: 1 to 100 characters without blanks, but not content-type, ce_… or …_schema_id; or a list of different ones; at most 8 of them, tracestate only after traceparent: sink.pass-headers=ce_id
          {format: xml}|must be one of avro, connect-json, json, protobuf, tidecast: sink.format=xml
          """)
  void shouldRefuseWhatSaysNothing(String sink, String problem) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> Samples.config("sink: " + sink));
    assertThat(refused.problems()).containsExactly(problem);
  }
}
