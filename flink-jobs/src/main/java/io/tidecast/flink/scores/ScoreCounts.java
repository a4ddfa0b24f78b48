package io.tidecast.flink.scores;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.scores.Scoring;
import io.tidecast.runtime.scores.Taken;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of forecasts and cells that are to be scored. One thread. */
final class ScoreCounts {

  private static final Logger LOG = LoggerFactory.getLogger(ScoreCounts.class);

  private final Scoring scoring;
  private final Taken taken;
  private final ModelCounts models;
  private final Counter scored;
  private final Counter late;
  private final Counter dropped;
  private final Counter lateCells;
  private final Counter foreign;
  private boolean hasToldForeign;
  private long overtaken;

  /**
   * @param scoring the arithmetic, which counts
   */
  ScoreCounts(JobMetrics metrics, Scoring scoring) {
    this.scoring = scoring;
    this.taken = scoring.taken();
    this.models = new ModelCounts(metrics);
    this.scored = metrics.counterOfTask(JobMetric.SCORED_LEADS);
    this.late = metrics.counterOfTask(JobMetric.LATE_LEADS);
    this.dropped = metrics.counterOfTask(JobMetric.DROPPED_LEADS);
    this.lateCells = metrics.counterOfTask(JobMetric.LATE_CELLS);
    this.foreign = metrics.counter(JobMetric.UNSCORED_FORECASTS);
  }

  /** Takes over what the arithmetic has counted since. */
  void update(int lateNow) {
    scored.inc(taken.joined() - scored.getCount());
    late.inc(taken.late() - late.getCount());
    dropped.inc(taken.dropped() + overtaken - dropped.getCount());
    lateCells.inc(lateNow);
    scoring.forEachTally(models::update);
  }

  /** Counts leads of forecasts that were too far ahead of their cells to be held. */
  void overtaken(int leads) {
    overtaken += leads;
  }

  /** Counts a forecast of what the series does not observe. */
  void foreign(Issuer issuer) {
    foreign.inc();
    if (!hasToldForeign) {
      hasToldForeign = true;
      LOG.warn(
          "Forecasts of {} {} are not scored: their {} targets are not among the channels that the series observe. Give the model's targets the names of those channels. Further ones are only counted, as {}.",
          issuer.modelId(),
          issuer.modelVersion(),
          issuer.channels(),
          JobMetric.UNSCORED_FORECASTS.metricName());
    }
  }
}
