package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.meter.JobFigures;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.metrics.JobMetric;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {

  private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();
  private static final String MAPPING = "mapping: {series: s, time: t, values: v}";
  private static final String WATERMARK = "series: {step: 1h, close: watermark}";

  private static final Map<String, JobMetric> METRICS =
      Arrays.stream(JobMetric.values())
          .collect(Collectors.toMap(JobMetric::metricName, Function.identity()));

  /** What a job has counted, and the one sentence that says why it has made no forecast. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "source: {topic: in, start: earliest} | | no record was read of in: is the topic empty?",
        "source: {topic: in, start: latest} | | no record has come to in since the job began; source.start: earliest reads",
        "source: {topic: in, group-id: g} | | either it is empty, or the group g has read it already; another source.group-id",
        "` ` | refusedRecords=20 | none of the 20 records that were read is a good observation",
        "source: {format: json, mapping: {series: s, time: t, values: v, where: {op: c}}} |"
            + " passedOverRecords.not-asked-for=20 passedOverRecords.tombstone=3 refusedRecords=2 | 20 records, or elements of them, were read, and source.mapping.where asks for none of them",
        "source: {format: json, mapping: {series: s, time: t, values: v, each: metrics}} |"
            + " passedOverRecords.no-elements=20 | 20 times there was nothing to go over at source.mapping.each=metrics.",
        "` ` | passedOverRecords.tombstone=3 | none of what was read is an observation: 3 passed over (3 tombstone).",
        // Seconds that are read as milliseconds.
        "` ` | acceptedRecords=400 openedCells=1 closedCells=1 skippedWindows.cold-start=1 series=1 latestMillis=1715239800"
            + " | all 400 observations fell into one cell of PT1H, up to 1970-01-20T20:27:19.800Z: is the producer's time in seconds? That would be 2024-05-09T07:30:00Z.",
        "source: {format: json, "
            + MAPPING
            + "} | acceptedRecords=400 openedCells=1 series=1 latestMillis=1715239800 | is the time in seconds, which would be 2024-05-09T07:30:00Z? Then set source.mapping.time-format: epoch-seconds.",
        "source: {format: json, mapping: {series: s, time: t, time-format: epoch-nanos, values: v}}"
            + " | acceptedRecords=9 openedCells=9 series=1 neededCells=8 skippedWindows.cold-start=9 latestMillis=1715239800"
            + " | (series.min-context): is the time in microseconds, which would be 2024-05-09T07:30:00Z? Then set source.mapping.time-format: epoch-micros.",
        "` ` | acceptedRecords=400 openedCells=4 series=4 latestMillis=1715239800000"
            + " | all 400 observations fell into one cell each of 4 series, of PT1H, up to 2024-05-09T07:30:00Z: do all records have one time, or is series.step too long?",
        // A cell of now is not over: that is no fault.
        WATERMARK
            + " | acceptedRecords=400 openedCells=1 series=1 latestMillis="
            + (1795176000000L - 60_000)
            + " | 1 of 1 cells wait for the watermark to pass them (series.close=watermark)",
        "` ` | acceptedRecords=97 latestMillis=1715239800000 | 97 observations were read, up to 2024-05-09T07:30:00Z, and none has come",
        // Newest first.
        "` ` | acceptedRecords=48 openedCells=1 closedCells=1 deadLetters.late=40 series=1 latestMillis=1715239800000"
            + " | 40 of 48 observations came too late for their cell: is the topic newest first (source.order: newest-first reads it so, up to a source.stop), or out of order by more than series.allowed-lateness=PT0S?",
        "series: {step: 1h, close: watermark} | acceptedRecords=48 openedCells=1 deadLetters.late=40 series=1 latestMillis=1715239800000"
            + " | out of order by more than source.max-out-of-orderness=PT0S and series.allowed-lateness=PT0S?",
        // Hours on a grid of half quarters of them.
        "` ` | acceptedRecords=100 openedCells=100 closedCells=100 series=1 skippedWindows.cold-start=1 skippedWindows.too-many-missing=12 skippedMissingValues=84 skippedValues=96 latestMillis=1715239800000"
            + " | 12 windows were skipped for their gaps, with 7 of 8 values missing on average, and series.max-filled-cells=16, series.max-consecutive-filled=1000000: is series.step=PT1H right?",
        "series: {step: 1h, fill: none} | acceptedRecords=9 openedCells=9 series=1 skippedWindows.gap-too-long=1 skippedMissingValues=1 skippedValues=8 latestMillis=1715239800000"
            + " | 1 windows were skipped for their gaps, with 1 of 8 values missing on average, and series.fill=none fills none: is series.step=PT1H right?",
        "` ` | acceptedRecords=10 openedCells=10 closedCells=10 series=2 neededCells=336 skippedWindows.cold-start=10 latestMillis=1715239800000"
            + " | 2 series have 5.0 cells of PT1H on average, up to 2024-05-09T07:30:00Z, and the model is asked once a series has 336 (series.min-context).",
        WATERMARK
            + " | acceptedRecords=97 openedCells=97 closedCells=1 skippedWindows.cold-start=1 series=2 neededCells=8 latestMillis=1715239800000"
            + " | 96 of 97 cells wait for the watermark to pass them (series.close=watermark); it does once every partition has an observation after their end.",
        WATERMARK
            + " | acceptedRecords=9 openedCells=9 emptyCells=8 series=1 latestMillis=1715239800000 | all 8 cells that closed are without a value: do the paths of source.mapping.values lead to numbers?",
        "` ` | acceptedRecords=9 valuelessRecords=9 latestMillis=1715239800000 | none of the 9 observations has a value: do the paths of source.mapping.values lead to numbers?",
        "series: {step: 1h, forecast-every: 48} | acceptedRecords=9 openedCells=9 closedCells=9 cellsNotDue=9 series=1 neededCells=8 latestMillis=1715239800000"
            + " | none was due at the 9 cells that closed (series.forecast-every=48).",
        "series: {step: 1h, forecast-at: \"06:00\", zone: Europe/Berlin} | acceptedRecords=9 openedCells=9 closedCells=9 cellsNotDue=9 series=1 neededCells=8 latestMillis=1715239800000"
            + " | (series.forecast-at=[06:00] in series.zone=Europe/Berlin).",
        "` ` | acceptedRecords=9 openedCells=9 closedCells=9 forecastRequests=5 timedOutWindows=3 failedRuns=2 latestMillis=1715239800000"
            + " | 5 windows were given to the model, and it has answered none: 2 of its runs failed, the first as --debug shows; 3 windows had no answer within model.timeout=PT30S.",
        "` ` | acceptedRecords=9 openedCells=9 forecastRequests=5 waitedWindows=5 missingCovariates=1 latestMillis=1715239800000"
            + " | 5 of 5 windows had to wait for future covariates, 1 of them in vain: has covariates.topic values as far ahead as the horizon",
        "` ` | acceptedRecords=9 openedCells=9 closedCells=9 series=1 latestMillis=1715239800000 | 9 observations were read, up to 2024-05-09T07:30:00Z, and none has come to a forecast yet.",
      })
  void shouldSayWhyThereIsNoForecast(String section, String figures, String reason) {
    Finding finding = Diagnosis.of(config(section), figures(figures), NOW).get(0);
    assertThat(finding.sentence()).startsWith("No forecast: ").contains(reason);
    assertThat(finding.blocking()).isEqualTo(!reason.contains("series.forecast-"));
  }

  /** It has the cells of its series from before, and has counted those since alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        WATERMARK
            + " | acceptedRecords=500 openedCells=50 series=50 neededCells=336 latestMillis=1795175999000"
            + " | false | 500 observations were read, up to 2026-11-20T11:59:59Z, and none has come to a forecast yet.",
        "series: {step: 1h, forecast-every: 24} | acceptedRecords=50 openedCells=50 closedCells=50 cellsNotDue=50 series=50 neededCells=336 latestMillis=1715239800000"
            + " | false | none was due at the 50 cells that closed (series.forecast-every=24).",
        "` ` | acceptedRecords=50 openedCells=50 closedCells=50 skippedWindows.cold-start=50 series=50 neededCells=336 latestMillis=1715239800000"
            + " | true | 50 times a series had not the 336 cells yet from which on the model is asked (series.min-context).",
      })
  void shouldNotTakeTheSeriesOfAJobThatGoesOnForNew(
      String section, String figures, boolean blocks, String reason) {
    JobFigures counted = figures(figures).withGoingOn().withWatermark("in-0", 1_795_175_999_000L);
    Finding finding = Diagnosis.of(config(section), counted, NOW).get(0);
    assertThat(finding.sentence()).isEqualTo("No forecast: " + reason);
    assertThat(finding.blocking()).isEqualTo(blocks);
  }

  @Test
  void shouldSayThatForecastsAreMadeOnRequestAlone() {
    JobConfig config =
        config("series: {step: 1h, forecast-every: never}\nrequests: {topic: asked}");
    assertThat(Diagnosis.of(config, figures("acceptedRecords=9 openedCells=9"), NOW))
        .singleElement()
        .satisfies(
            one ->
                assertThat(one.sentence())
                    .contains("on request alone", "0 requests were read of requests.topic=asked"));
  }

  @Test
  void shouldNameThePartitionThatHoldsTheWatermarkBack() {
    JobConfig config = config(WATERMARK);
    String counted = "acceptedRecords=9 openedCells=9 series=1 latestMillis=1715239800000";
    JobFigures silent =
        figures(counted)
            .withWatermark("in-0", 1_715_239_800_000L)
            .withWatermark("in-1", Long.MIN_VALUE)
            .withWatermark("in-2", Long.MIN_VALUE);
    assertThat(Diagnosis.of(config, silent, NOW).get(0).sentence())
        .contains("in-1, in-2 without a good observation yet holds it back")
        .contains("source.idle-timeout=PT30S");
    JobFigures even =
        figures(counted + " neededCells=336").withWatermark("in-0", 1_715_239_800_000L - 1);
    assertThat(Diagnosis.of(config, even, NOW).get(0).topic()).isEqualTo("cold-start");
    JobFigures slow =
        figures(counted).withWatermark("in-0", 1_715_239_800_000L).withWatermark("in-1", 0);
    assertThat(Diagnosis.of(config, slow, NOW).get(0).sentence())
        .contains("stands at 1970-01-01T00:00:00Z, as far as the slowest partition is, in-1;");
  }

  @Test
  void shouldShowOneDeadLetterOfEachReason() {
    JobFigures figures =
        figures("refusedRecords=21 deadLetters.malformed=20 deadLetters.invalid-field=1")
            .withExample("malformed", "in-3@17: value must be one whole JSON value: 100% no")
            .withExample("malformed", "in-4@0: of another subtask");
    assertThat(Diagnosis.of(config(" "), figures, NOW))
        .extracting(Finding::sentence)
        .containsExactly(
            "No forecast: none of the 21 records that were read is a good observation; they are dead letters.",
            "1 dead letter, invalid-field (docs/troubleshooting.md#invalid-field).",
            "20 dead letters, malformed, such as in-3@17: value must be one whole JSON value: 100% no"
                + " (docs/troubleshooting.md#malformed).");
  }

  @Test
  void shouldSayThatElementsAreNotRead() {
    JobConfig config =
        config(
            "source: {format: json, mapping: {each: a, series: 'm[0].s', time: t, values: 'm[0].v'}}");
    JobFigures figures =
        figures(
            "acceptedRecords=9 forecasts=1 passedOverRecords.not-in-the-mapping=18 passedOverRecords.no-elements=4");
    assertThat(Diagnosis.of(config, figures, NOW))
        .extracting(Finding::sentence)
        .containsExactly(
            "18 elements of arrays are not read, for the mapping reads others of them by number"
                + " (m[0].s, m[0].v): source.mapping.each goes over all.",
            "4 times there was nothing to go over at source.mapping.each=a.");
  }

  @Test
  void shouldNameTheLineOfAFile() {
    JobConfig config =
        config(
            "source: {format: csv, files: a.csv, %s}\ndead-letters: {topic: dlq}"
                .formatted(MAPPING));
    JobFigures figures =
        figures(
                "acceptedRecords=48 deadLetters.late=40 openedCells=1 series=1 latestMillis=1715239800000")
            .withExample("late", "/data/a.csv-0@10: time must not be before");
    assertThat(Diagnosis.of(config, figures, NOW))
        .extracting(Finding::sentence)
        .containsExactly(
            "No forecast: 40 of 48 observations came too late for their cell: is the file newest first"
                + " (source.order: newest-first reads it so), or"
                + " out of order by more than series.allowed-lateness=PT0S?",
            "40 dead letters, late, such as /data/a.csv line 10: time must not be before"
                + " (docs/troubleshooting.md#late).");
  }

  @Test
  void shouldDoubtTheUnitOfSomeProducersAlone() {
    JobConfig job = config("source: {format: json, mapping: {series: s, time: t, values: v}}");
    String some =
        "20 of 400 observations are of the first days of 1970, from 1970-01-20T20:27:19.800Z on:"
            + " is the time in seconds, which would be 2024-05-09T07:30:00Z?"
            + " Then set source.mapping.time-format: epoch-seconds.";
    String times = " doubtfulTimes=20 earliestMillis=1715239800 latestMillis=1715239800000";
    for (String counted :
        new String[] {" forecasts=7", " series=90 openedCells=90 neededCells=8"}) {
      assertThat(Diagnosis.of(job, figures("acceptedRecords=400" + counted + times), NOW))
          .extracting(Finding::sentence)
          .contains(some);
    }
  }

  @Test
  void shouldDoubtForecastsThatAreNotWhatWasAskedFor() {
    JobFigures figures =
        figures(
            "acceptedRecords=90 forecasts=1 fallbackForecasts=4 failedRuns=3 missingCovariates=2"
                + " skippedWindows.too-many-missing=10 skippedMissingValues=1670 skippedValues=1680"
                + " deadLetters.late=50 latestMillis=1715239800");
    assertThat(Diagnosis.of(config(" "), figures, NOW))
        .noneMatch(Finding::blocking)
        .extracting(Finding::sentence)
        .satisfiesExactly(
            one ->
                assertThat(one)
                    .startsWith("The observations are of the year 1970, up to 1970-01-20T20"),
            one ->
                assertThat(one)
                    .isEqualTo(
                        "4 of 5 forecasts are the baseline's and not the model's: 3 of its runs failed,"
                            + " the first as --debug shows; 2 windows lacked future covariates."),
            one -> assertThat(one).startsWith("10 windows were skipped").contains("167 of 168"),
            one -> assertThat(one).startsWith("50 dead letters, late"),
            one -> assertThat(one).startsWith("50 of 90 observations came too late"));
    assertThat(
            Diagnosis.of(
                config(" "),
                figures("acceptedRecords=90 forecasts=80 latestMillis=1715239800000"),
                NOW))
        .as("nothing to say")
        .isEmpty();
  }

  /** What was committed before a subtask was started again counts. */
  @Test
  void shouldNotForgetTheForecastsOfAnEarlierAttempt() {
    JobFigures figures = figures("acceptedRecords=5 openedCells=5 series=1 latestMillis=1");
    assertThat(Diagnosis.of(config(" "), figures, NOW)).anyMatch(Finding::blocking);
    figures.withEarlier(JobMetric.FORECASTS, 1);
    assertThat(Diagnosis.of(config(" "), figures, NOW)).noneMatch(Finding::blocking);
  }

  private static JobConfig config(String lines) {
    Map<String, String> sections = new TreeMap<>();
    sections.put("kafka", "kafka: {bootstrap-servers: \"127.0.0.1:9092\"}");
    sections.put("model", "model: {path: nowhere}");
    sections.put("series", "series: {step: 1h}");
    for (String line : lines == null ? List.<String>of() : lines.strip().lines().toList()) {
      sections.put(line.substring(0, line.indexOf(':')), line);
    }
    return JobFile.parse(String.join("\n", sections.values()));
  }

  /** Of text such as {@code openedCells=1 deadLetters.late=40}. */
  private static JobFigures figures(String text) {
    JobFigures figures = new JobFigures();
    for (String one : text == null ? new String[0] : text.strip().split(" ")) {
      String[] parts = one.split("[.=]");
      long value = Long.parseLong(parts[parts.length - 1]);
      JobMetric metric = METRICS.get(parts[0]);
      assertThat(metric).as(one).isNotNull();
      if (parts.length == 3) {
        figures.with(metric, parts[1], value);
      } else {
        figures.with(metric, value);
      }
    }
    return figures;
  }
}
