package io.tidecast.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

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

  private final JobMeter meter = JobMeter.of(new Configuration());

  @AfterEach
  void close() {
    meter.close();
  }

  @Test
  void shouldSayNowAndThenHowFarItIs() {
    RunProgress progress = new RunProgress(meter, OptionalLong.of(40_000), seconds(0));
    counter("0.tidecast.recordsRead").inc(10_000);
    gauge("0.tidecast.eventTimeMillis", Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    gauge("1.tidecast.eventTimeMillis", Long.MIN_VALUE);

    assertThat(progress.line(seconds(4))).isEmpty();
    assertThat(progress.line(seconds(5)))
        .contains("Read 10,000 of 40,000 records, up to 2026-01-01T00:00:00Z, 2,000/s");
    counter("1.tidecast.recordsRead").inc(5_000);
    assertThat(progress.line(seconds(9))).isEmpty();
    assertThat(progress.line(seconds(10)))
        .contains("Read 15,000 of 40,000 records, up to 2026-01-01T00:00:00Z, 1,500/s");
  }

  @Test
  void shouldSayWhatWasDone() {
    RunProgress progress = new RunProgress(meter, OptionalLong.empty(), seconds(0));
    assertThat(progress.line(seconds(6))).contains("Read 0 records, no time, 0/s");
    counter("0.tidecast.recordsRead").inc(3);
    counter("0.tidecast.forecasts").inc(5);
    counter("0.tidecast.fallbackForecasts").inc(2);
    counter("0.tidecast.reason.late.deadLetters").inc(1);
    counter("0.tidecast.reason.malformed.deadLetters").inc(1);
    counter("0.other.forecasts").inc(1_000);

    assertThat(progress.summary(seconds(2)))
        .isEqualTo(
            "Done: 3 records, no time, in 2.0 s, 2/s; 7 forecasts, 2 of them fallbacks, 2 dead"
                + " letters.");
  }

  @Test
  void shouldCountTheLastAttemptOfASubtaskAlone() {
    counter("0.tidecast.recordsRead").inc(3);
    counter("0.tidecast.recordsRead").inc(4);
    assertThat(meter.count("recordsRead")).isEqualTo(4);
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
