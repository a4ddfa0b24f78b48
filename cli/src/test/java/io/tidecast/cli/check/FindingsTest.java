package io.tidecast.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.check.CheckReport.Refusal;
import io.tidecast.flink.JobParsers;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.flink.source.ParseMeasurements;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class FindingsTest {

  private static final JobConfig CONFIG =
      JobConfig.builder()
          .set("kafka.bootstrap-servers", "127.0.0.1:1")
          .set("source.format", "json")
          .set("source.mapping.series", "s")
          .set("source.mapping.time", "t")
          .set("source.mapping.time-format", "epoch-seconds")
          .set("source.mapping.values", List.of("a", "b"))
          .set("source.mapping.missing-values", "nan")
          .set("series.channels", 2)
          .set("series.step", "P1D")
          .set("series.zone", "Europe/Berlin")
          .set("model.path", "none")
          .build();

  private final ParseMeasurements parser =
      JobParsers.observations(CONFIG, () -> Instant.parse("2026-12-01T00:00:00Z").toEpochMilli());
  private final Findings findings =
      new Findings(CONFIG, new Findings.Channels(List.of("celsius", "wind"), null), 4);
  private long offset;

  private void add(String json) {
    JobParsers.open(parser);
    List<ParsedMeasurement> outcomes =
        parser.parse(
            new SourceRecord("in", 3, offset++, -1, null, json.getBytes(StandardCharsets.UTF_8)),
            new RecordHeaders());
    findings.add(outcomes);
  }

  private void add(String series, String time, String values) {
    add(
        "{\"s\": \"%s\", \"t\": %d, %s}"
            .formatted(series, Instant.parse(time).getEpochSecond(), values));
  }

  @Test
  void shouldShowAnObservationInItsCellByItsChannels() {
    // The clocks go forward on the 29th: the day has 23 hours.
    add("x", "2026-03-29T12:00:00Z", "\"a\": 1.5, \"b\": null");

    assertThat(findings.report("in", 1L).shown())
        .singleElement()
        .hasToString(
            "Understood[place=in-3@0, series=x, time=2026-03-29T12:00:00Z, cellStart=2026-03-28T23:00:00Z, cellEnd=2026-03-29T22:00:00Z, values={celsius=1.5, wind=null}]");
  }

  @Test
  void shouldSayHowFarRecordsOfASeriesAreApartWithinARun() {
    for (int hour = 0; hour < 4; hour++) {
      add("x", "2026-03-01T0%d:00:00Z".formatted(hour), "\"a\": 1, \"b\": 1");
      add("y", "2026-03-01T0%d:10:00Z".formatted(hour), "\"a\": 1, \"b\": 1");
    }
    findings.endOfRun();
    // What lies between two runs is no distance.
    add("x", "2026-11-01T00:00:00Z", "\"a\": 1, \"b\": 1");
    findings.endOfRun();

    assertThat(findings.apart()).contains(Duration.ofHours(1));
    CheckReport.Records report = findings.report("in", null);
    assertThat(report.series()).isEqualTo(2);
    assertThat(report.earliest()).isEqualTo("2026-03-01T00:00:00Z");
    assertThat(report.latest()).isEqualTo("2026-11-01T00:00:00Z");
    assertThat(report.shown())
        .as("the first two and the last two of nine")
        .extracting(CheckReport.Understood::place)
        .containsExactly("in-3@0", "in-3@1", "in-3@7", "in-3@8");
  }

  @Test
  void shouldCountWhatGoesBackAndWhatGoesOnWithinARun() {
    for (String day : List.of("04", "03", "01", "02", "01", "01")) {
      add("x", "2026-03-%sT12:00:00Z".formatted(day), "\"a\": 1, \"b\": 1");
    }
    assertThat(findings.older()).isEqualTo(5);
    assertThat(findings.later()).isZero();
    findings.endOfRun();
    add("x", "2026-03-05T12:00:00Z", "\"a\": 1, \"b\": 1");
    add("x", "2026-03-06T12:00:00Z", "\"a\": 1, \"b\": 1");
    assertThat(findings.older()).isEqualTo(5);
    assertThat(findings.later()).isEqualTo(1);
  }

  @Test
  void shouldGatherWhatIsWrongInTheSameWay() {
    add("{");
    add("x", "2026-03-01T00:00:00Z", "\"a\": \"off\", \"b\": 1");
    add("x", "2026-03-01T00:00:00Z", "\"a\": \"dry\", \"b\": 1");
    add("x", "2026-03-01T00:00:00Z", "\"a\": \"off\", \"b\": 1");

    List<Refusal> refusals = findings.report("in", null).refusals();

    assertThat(findings.refused()).isEqualTo(4);
    assertThat(refusals).hasSize(2);
    assertThat(refusals.get(0).count()).isEqualTo(3);
    assertThat(refusals.get(0).details())
        .as("each once, as a dead letter has it")
        .containsExactly("field must be a number: a=\"off\"", "field must be a number: a=\"dry\"");
    assertThat(refusals.get(0).value()).startsWith("{\"s\": \"x\"");
  }
}
