package io.tidecast.cli.page;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.sink.SinkSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics that a page shows; null are those that the job does not write.
 *
 * @param forecasts that the series are given
 * @param shadows and members of a mixture
 */
record PageTopics(
    String forecasts,
    @Nullable String shadows,
    @Nullable String scores,
    @Nullable String cells,
    @Nullable String anomalies) {

  /** Those of a job. */
  static PageTopics of(JobConfig config) {
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    return new PageTopics(
        sink.topic(),
        sink.shadowTopic(),
        config.scores().topic(),
        config.cells().topic(),
        config.anomalies().topic());
  }

  /** What the page would show besides, and which key of the job file does that. */
  List<String> lacking() {
    List<String> sentences = new ArrayList<>();
    if (cells == null) {
      sentences.add("The page shows what was observed once cells.topic names a topic for it.");
    }
    if (scores == null) {
      sentences.add(
          "The page shows how good the forecasts have been once scores.topic names a topic for it.");
    }
    if (anomalies == null) {
      sentences.add(
          "The page shows what the forecasts did not expect once anomalies.topic names a topic for it.");
    }
    return sentences;
  }

  /** All that there are. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    all.add(forecasts);
    addIf(shadows, all);
    addIf(scores, all);
    addIf(cells, all);
    addIf(anomalies, all);
    return all;
  }

  private static void addIf(@Nullable String topic, List<String> to) {
    if (topic != null) {
      to.add(topic);
    }
  }
}
