package io.tidecast.postgres;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.read.RecordDecoders;
import io.tidecast.flink.read.RecordType;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SinkSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topics of a job that are copied, and what makes rows of their records. */
final class Topics {

  /** One record is not waited for longer; then the whole batch waits, and asks again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Topics() {}

  /** Each topic with its maker, in the order in which people are told of them. */
  static Map<String, RowMaker> of(JobConfig config) {
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    RecordSettings format = sink.records();
    Map<String, RowMaker> topics = new LinkedHashMap<>();
    put(
        topics,
        config.cells().topic(),
        NamedRows.ofCells(RecordDecoders.of(RecordType.cells(), format, PATIENCE)));
    put(topics, sink.topic(), forecasts(config, sink));
    put(topics, sink.shadowTopic(), forecasts(config, sink));
    put(
        topics,
        config.scores().topic(),
        NamedRows.ofScores(RecordDecoders.of(RecordType.scores(), format, PATIENCE)));
    put(topics, config.commands().eventsTopic(), ModelRows::event);
    return topics;
  }

  private static RowMaker forecasts(JobConfig config, SinkSettings.Kafka sink) {
    return sink.layout() == Layout.POINTS
        ? ForecastRows.ofPoints(RecordDecoders.of(RecordType.points(), sink.records(), PATIENCE))
        : ForecastRows.ofForecasts(
            RecordDecoders.of(RecordType.forecasts(), sink.records(), PATIENCE),
            config.series().step());
  }

  private static void put(Map<String, RowMaker> topics, @Nullable String topic, RowMaker maker) {
    if (topic != null) {
      topics.put(topic, maker);
    }
  }
}
