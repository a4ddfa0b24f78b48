package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.metrics.JobMetric;

/** What a sink writes. */
enum SinkRecords {
  FORECASTS("forecasts", "of origins", JobMetric.LOST_FORECASTS),
  SHADOW_FORECASTS("shadow-forecasts", "of origins", JobMetric.LOST_SHADOW_FORECASTS),
  SCORES("scores", "of cells", JobMetric.LOST_SCORES),
  CELLS("cells", "that begin", JobMetric.LOST_CELLS),
  ANOMALIES("anomalies", "of cells", JobMetric.LOST_ANOMALIES),
  DEAD_LETTERS("dead-letters", "rejected from", JobMetric.LOST_DEAD_LETTERS),
  MODEL_EVENTS("model-events", "from", JobMetric.LOST_MODEL_EVENTS),
  MODEL_COMMANDS("model-commands", "from", JobMetric.LOST_MODEL_COMMANDS);

  private final String id;
  private final String range;
  private final JobMetric lost;

  SinkRecords(String id, String range, JobMetric lost) {
    this.id = id;
    this.range = range;
    this.lost = lost;
  }

  /** Names the sink in transactional ids; never changes. */
  String id() {
    return id;
  }

  /** Counts those that were lost. */
  JobMetric lost() {
    return lost;
  }

  /** Says how many of them there are, and of which times. */
  String describe(TransactionContent content) {
    return "%,d %s %s %s to %s, written since %s"
        .formatted(
            content.records(),
            noun(content.records()),
            range,
            content.firstTime(),
            content.lastTime(),
            content.began());
  }

  private String noun(long records) {
    String plural = id.replace('-', ' ');
    return records == 1 ? plural.replaceFirst("ies$", "ys").replaceFirst("s$", "") : plural;
  }
}
