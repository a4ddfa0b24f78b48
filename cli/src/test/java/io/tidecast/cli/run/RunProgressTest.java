package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.meter.JobMeter;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.metrics.JobMetric;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunProgressTest {

  private static final JobConfig ENDS = config("latest", "{step: 1h}");
  private static final JobConfig ENDLESS = config("never", "{step: 1h, max-series: 30}");

  private final JobMeter meter = JobMeter.of(new Configuration());

  @AfterEach
  void close() {
    meter.close();
  }

  @Test
  void shouldSayNowAndThenHowFarItIs() {
    RunProgress progress = new RunProgress(meter, ENDS, OptionalLong.of(40_000), seconds(0));
    counter("0.tidecast.recordsRead").inc(10_000);
    counter("0.user.tidecast.forecasts").inc(1);
    gauge("0.tidecast.eventTimeMillis", Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    gauge("1.tidecast.eventTimeMillis", Long.MIN_VALUE);

    assertThat(progress.lines(seconds(4))).isEmpty();
    assertThat(progress.lines(seconds(5)))
        .containsExactly("Read 10,000 of 40,000 records, up to 2026-01-01T00:00:00Z, 2,000/s");
    counter("1.tidecast.recordsRead").inc(5_000);
    assertThat(progress.lines(seconds(9))).isEmpty();
    assertThat(progress.lines(seconds(10)))
        .containsExactly("Read 15,000 of 40,000 records, up to 2026-01-01T00:00:00Z, 1,500/s");
  }

  @Test
  void shouldSayWhatWasDone() {
    RunProgress progress = new RunProgress(meter, ENDS, OptionalLong.empty(), seconds(0));
    assertThat(progress.lines(seconds(6))).containsExactly("Read 0 records, no time, 0/s");
    counter("0.tidecast.recordsRead").inc(3);
    counter("0.tidecast.acceptedRecords").inc(3);
    counter("0.user.tidecast.forecasts").inc(5);
    counter("0.user.tidecast.fallbackForecasts").inc(2);
    counter("0.tidecast.reason.tombstone.passedOverRecords").inc(1);
    counter("1.tidecast.reason.not-asked-for.passedOverRecords").inc(1_000);
    counter("0.user.tidecast.reason.late.deadLetters").inc(1);
    counter("0.user.tidecast.reason.malformed.deadLetters").inc(1);
    counter("0.other.forecasts").inc(1_000);

    assertThat(progress.end(seconds(2)))
        .containsExactly(
            "Done: 3 records, no time, in 2.0 s, 2/s; 7 forecasts, 2 of them fallbacks, 2 dead"
                + " letters, 1,001 passed over (1,000 not-asked-for, 1 tombstone).",
            "1 dead letter, late (docs/troubleshooting.md#late).",
            "1 dead letter, malformed (docs/troubleshooting.md#malformed).");
    assertThat(progress.exitCode()).isZero();
  }

  @Test
  void shouldSayWhatStandsInTheWayOnceAndAgainWhenItHasGrown() {
    RunProgress progress = new RunProgress(meter, ENDLESS, OptionalLong.empty(), seconds(0));
    gauge("0.tidecast.maxSeries", 30);
    assertThat(progress.lines(seconds(1)))
        .containsExactly("Remembers up to 30 series (series.max-series).");
    Counter refused = counter("0.tidecast.refusedRecords");
    Counter parsed = counter("0.tidecast.parsedRecords");
    Counter malformed = counter("0.user.tidecast.reason.malformed.deadLetters");
    refused.inc();
    malformed.inc();
    text("0.user.tidecast.reason.malformed.deadLetterExample", "in-0@5: value must be JSON");
    String example =
        "1 dead letter, malformed, such as in-0@5: value must be JSON (docs/troubleshooting.md#malformed).";
    assertThat(progress.lines(seconds(2))).containsExactly(example);
    assertThat(progress.lines(seconds(10))).as("it has only begun").isEmpty();
    assertThat(progress.lines(seconds(11)))
        .singleElement()
        .asString()
        .startsWith("No forecast: none of the 1 records");

    refused.inc(8);
    parsed.inc(9);
    malformed.inc(8);
    assertThat(progress.lines(seconds(30))).as("not every moment").isEmpty();
    assertThat(progress.lines(seconds(90)))
        .satisfiesExactly(
            one -> assertThat(one).startsWith("No forecast: none of the 9 records"),
            one -> assertThat(one).startsWith("9 dead letters"));
    assertThat(progress.lines(seconds(600))).as("it is the same").isEmpty();
    assertThat(progress.lines(seconds(4_000))).as("an hour later").hasSize(2);
    assertThat(progress.end(seconds(4_000)))
        .satisfiesExactly(
            one ->
                assertThat(one).startsWith("In all: 9 records, no time").contains(" 0 forecasts"),
            one -> assertThat(one).startsWith("No forecast: none of the 9 records"),
            one -> assertThat(one).startsWith("9 dead letters"));

    counter("0.user.tidecast.forecasts").inc();
    assertThat(progress.lines(seconds(4_001)))
        .containsExactly("The first forecasts have been made.");
  }

  @Test
  void shouldEndWithACodeOfItsOwnWhereNothingWasForecastOfWhatWasRead() {
    RunProgress progress = new RunProgress(meter, ENDS, OptionalLong.empty(), seconds(0));
    assertThat(progress.exitCode()).as("nothing to read").isZero();
    counter("0.tidecast.recordsRead").inc(400);
    assertThat(progress.exitCode()).as("that was read before a checkpoint").isZero();
    counter("0.tidecast.parsedRecords").inc(400);
    counter("0.tidecast.acceptedRecords").inc(400);
    assertThat(progress.exitCode()).isEqualTo(RunProgress.NO_FORECAST);
    counter("0.user.tidecast.fallbackForecasts").inc(1);
    assertThat(progress.exitCode()).isZero();
    counter("0.user.tidecast.fallbackForecasts");
    assertThat(progress.exitCode()).as("a subtask was started again").isZero();
  }

  @Test
  void shouldEndWellWhereAJobGoesOnAndNothingMoreIsDue() {
    meter.goOn();
    RunProgress progress = new RunProgress(meter, ENDS, OptionalLong.empty(), seconds(0));
    counter("0.tidecast.parsedRecords").inc(50);
    counter("0.tidecast.acceptedRecords").inc(50);
    counter("0.tidecast.openedCells").inc(50);
    counter("0.tidecast.closedCells").inc(50);
    gauge("0.tidecast.series", 50);
    gauge("0.tidecast.neededCells", 336);
    assertThat(progress.exitCode()).isZero();
  }

  @Test
  void shouldCountTheLastAttemptOfASubtaskAlone() {
    counter("0.tidecast.recordsRead").inc(3);
    counter("0.tidecast.recordsRead").inc(4);
    assertThat(meter.figures().sum(JobMetric.RECORDS_READ)).isEqualTo(4);
  }

  @Test
  void shouldReadHowFarThePartitionsOfTheObservationsAre() {
    gauge("tidecast.Source: observations.0.split.a.b-0.watermark.currentWatermark", 7);
    gauge("tidecast.Source: requests.0.split.c-0.watermark.currentWatermark", 8);
    gauge("tidecast.Source: observations.0.currentOutputWatermark", 9);
    assertThat(meter.figures().watermarks()).hasSize(1).containsEntry("a.b-0", 7L);
  }

  private static JobConfig config(String stop, String series) {
    return JobFile.parse(
        """
        kafka: {bootstrap-servers: "127.0.0.1:9092"}
        source: {topic: in, stop: %s}
        series: %s
        model: {path: nowhere}
        """
            .formatted(stop, series));
  }

  private static long seconds(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private Counter counter(String identifier) {
    Counter counter = new SimpleCounter();
    add(counter, identifier);
    return counter;
  }

  private void gauge(String identifier, long value) {
    add((Gauge<Long>) () -> value, identifier);
  }

  private void text(String identifier, String value) {
    add((Gauge<String>) () -> value, identifier);
  }

  private void add(Metric metric, String identifier) {
    meter.notifyOfAddedMetric(
        metric,
        identifier,
        new UnregisteredMetricsGroup() {
          @Override
          public String getMetricIdentifier(String name) {
            return "here." + name;
          }
        });
  }
}
