package io.tidecast.flink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.flink.metrics.JobMetric.Kind;
import io.tidecast.flink.testing.TestingMetrics;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobMetricsTest {

  private final TestingMetrics registered = new TestingMetrics();
  private final JobMetrics metrics = new JobMetrics(registered);

  @Test
  void shouldCountUnderTheGroupOfTheJob() {
    metrics.counter(JobMetric.FORECASTS).inc(3);
    metrics.counter(JobMetric.DEAD_LETTERS, "late").inc(2);
    metrics.counter(JobMetric.DEAD_LETTERS, "malformed").inc();

    assertThat(registered.count("tidecast.forecasts")).isEqualTo(3);
    assertThat(registered.count("tidecast.reason=late.deadLetters")).isEqualTo(2);
    assertThat(registered.count("tidecast.reason=malformed.deadLetters")).isEqualTo(1);
  }

  @Test
  void shouldKeepTheStatisticsOfTheLastValues() {
    for (int i = 0; i < 2_000; i++) {
      metrics.histogram(JobMetric.RUN_MICROS).update(i);
    }
    assertThat(registered.histogram("tidecast.runMicros")).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void shouldRegisterAMetricAsTheKindThatItIs(JobMetric metric) {
    for (Kind kind : Kind.values()) {
      if (kind == metric.kind()) {
        register(metric, kind);
      } else {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> register(metric, kind))
            .withMessageContaining("%s is a %s", metric, metric.kind());
      }
    }
  }

  /** They are in dashboards: a constant that is renamed must not rename them. */
  @Test
  void shouldKeepTheNames() {
    assertThat(Arrays.stream(JobMetric.values()).map(JobMetric::metricName))
        .containsExactly(
            "recordsRead",
            "eventTimeMillis",
            "parsedRecords",
            "acceptedRecords",
            "refusedRecords",
            "passedOverRecords",
            "earliestMillis",
            "latestMillis",
            "doubtfulTimes",
            "registryRequests",
            "failedRegistryRequests",
            "refusedHeaders",
            "valuelessRecords",
            "counterResets",
            "openedCells",
            "closedCells",
            "emptyCells",
            "silentCells",
            "cellsNotDue",
            "neededCells",
            "skippedMissingValues",
            "skippedValues",
            "requestsRead",
            "deadLetters",
            "deadLetterExample",
            "skippedWindows",
            "waitedWindows",
            "missingCovariates",
            "series",
            "maxSeries",
            "forgottenSeries",
            "forecastRequests",
            "forecasts",
            "fallbackForecasts",
            "shadowForecasts",
            "lostTransactions",
            "lostForecasts",
            "lostShadowForecasts",
            "lostDeadLetters",
            "lostModelEvents",
            "lostModelCommands",
            "lostScores",
            "lostCells",
            "scoredLeads",
            "modelLeads",
            "modelComparedLeads",
            "modelErrorThousandths",
            "modelNaiveErrorThousandths",
            "modelIntervals",
            "modelCoveredIntervals",
            "modelExpectedIntervalsThousandths",
            "lateLeads",
            "droppedLeads",
            "lateCells",
            "unscoredForecasts",
            "unmixedForecasts",
            "uncalibratedForecasts",
            "unmixedCorrections",
            "earlyCells",
            "lostAnomalies",
            "judgedValues",
            "unforecastValues",
            "earlyValues",
            "toldAnomalies",
            "levelShifts",
            "withdrawnAnomalies",
            "lateCorrections",
            "unwatchedForecasts",
            "lateComparisons",
            "promotions",
            "outdoneModels",
            "forecastValue",
            "unresolvedTransactions",
            "repeatedTransactions",
            "failedRuns",
            "endedRuns",
            "hangingWindows",
            "coarseWindows",
            "openVersions",
            "buildVersion",
            "activeVersion",
            "modelSwitches",
            "failedLoads",
            "refusedCommands",
            "skippedShadows",
            "failedShadows",
            "failedMembers",
            "modelGivenUp",
            "modelFellBack",
            "nodesOnProcessor",
            "timedOutWindows",
            "batchSizeWindows",
            "runMicros",
            "waitingWindows");
  }

  private void register(JobMetric metric, Kind kind) {
    switch (kind) {
      case COUNTER -> metrics.counter(metric);
      case COUNTER_BY_REASON -> metrics.counter(metric, "late");
      case COUNTER_BY_MODEL -> metrics.counter(metric, "patchtst", "1");
      case GAUGE -> {
        metrics.gauge(metric, () -> 1);
        metrics.gaugeMillis(metric, () -> 1L);
      }
      case GAUGE_BY_SERIES ->
          metrics.gauge(
              metric, new JobMetrics.OfSeries("a", "0", Duration.ofMinutes(90)), () -> 1.0);
      case HISTOGRAM -> metrics.histogram(metric);
      case TEXT -> metrics.text(metric, () -> "one");
      case TEXT_BY_REASON -> metrics.text(metric, "late", () -> "one");
    }
  }
}
