package io.tidecast.flink.anomalies;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.anomalies.Finding;
import io.tidecast.runtime.anomalies.Tally;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of values and forecasts, and what is told of them. One thread. */
final class AnomalyCounts {

  private static final Logger LOG = LoggerFactory.getLogger(AnomalyCounts.class);

  private final Tally tally;
  private final Counter judged;
  private final Counter unexpected;
  private final Counter early;
  private final Counter told;
  private final Counter shifts;
  private final Counter withdrawn;
  private final Counter lateCells;
  private final Counter foreign;
  private boolean hasToldForeign;

  /**
   * @param tally is counted by the arithmetic
   */
  AnomalyCounts(JobMetrics metrics, Tally tally) {
    this.tally = tally;
    this.judged = metrics.counter(JobMetric.JUDGED_VALUES);
    this.unexpected = metrics.counter(JobMetric.UNFORECAST_VALUES);
    this.early = metrics.counter(JobMetric.EARLY_VALUES);
    this.told = metrics.counter(JobMetric.TOLD_ANOMALIES);
    this.shifts = metrics.counter(JobMetric.LEVEL_SHIFTS);
    this.withdrawn = metrics.counter(JobMetric.WITHDRAWN_ANOMALIES);
    this.lateCells = metrics.counter(JobMetric.LATE_CORRECTIONS);
    this.foreign = metrics.counter(JobMetric.UNWATCHED_FORECASTS);
  }

  /** Takes over what the arithmetic has counted since. */
  void update(int lateNow) {
    judged.inc(tally.judgedValues() - judged.getCount());
    unexpected.inc(tally.unexpectedValues() - unexpected.getCount());
    early.inc(tally.earlyValues() - early.getCount());
    lateCells.inc(lateNow);
  }

  void tell(Finding finding) {
    switch (finding.kind()) {
      case ANOMALY -> (finding.withdrawn() ? withdrawn : told).inc();
      case LEVEL_SHIFT -> shifts.inc();
    }
  }

  /** Counts a forecast of what the series does not observe. */
  void foreign(IssuedForecast forecast) {
    foreign.inc();
    if (!hasToldForeign) {
      hasToldForeign = true;
      LOG.warn(
          "No anomalies are told by forecasts of {} {}: their {} targets are not among the channels"
              + " that the series observe. Give the model's targets the names of those channels."
              + " Further ones are only counted, as {}.",
          forecast.issuer().modelId(),
          forecast.issuer().modelVersion(),
          forecast.issuer().channels(),
          JobMetric.UNWATCHED_FORECASTS.metricName());
    }
  }
}
