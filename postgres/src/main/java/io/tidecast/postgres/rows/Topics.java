package io.tidecast.postgres.rows;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.read.RecordDecoders;
import io.tidecast.flink.read.RecordType;
import io.tidecast.flink.sink.Layout;
import io.tidecast.flink.sink.RecordSettings;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topics of a job that are copied, and what makes rows of their records. */
public final class Topics {

  /** One record is not waited for longer; then the whole batch waits, and asks again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Topics() {}

  /**
   * What the topics of a job are called; null for one that it does not write.
   *
   * @param shadows of forecasts beside those that series are given
   */
  public record Names(
      @Nullable String cells,
      String forecasts,
      @Nullable String shadows,
      @Nullable String scores,
      @Nullable String anomalies,
      @Nullable String events) {}

  /** Each topic of a job with its maker, in the order in which people are told of them. */
  public static Map<String, RowMaker> of(JobConfig config) {
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    return makers(
        new Names(
            config.cells().topic(),
            sink.topic(),
            sink.shadowTopic(),
            config.scores().topic(),
            config.anomalies().topic(),
            config.commands().eventsTopic()),
        sink,
        config.series().step());
  }

  /**
   * Each topic with its maker.
   *
   * @param sink how records are written
   * @param step from one point of a forecast to the next
   */
  public static Map<String, RowMaker> makers(Names names, SinkSettings.Kafka sink, GridStep step) {
    RecordSettings format = sink.records();
    Map<String, RowMaker> makers = new LinkedHashMap<>();
    put(
        makers,
        names.cells,
        NamedRows.ofCells(RecordDecoders.of(RecordType.cells(), format, PATIENCE)));
    put(makers, names.forecasts, forecasts(sink, step));
    put(makers, names.shadows, forecasts(sink, step));
    put(
        makers,
        names.scores,
        NamedRows.ofScores(RecordDecoders.of(RecordType.scores(), format, PATIENCE)));
    put(
        makers,
        names.anomalies,
        NamedRows.ofAnomalies(RecordDecoders.of(RecordType.anomalies(), format, PATIENCE)));
    put(makers, names.events, ModelRows::event);
    return makers;
  }

  private static RowMaker forecasts(SinkSettings.Kafka sink, GridStep step) {
    return sink.layout() == Layout.POINTS
        ? ForecastRows.ofPoints(RecordDecoders.of(RecordType.points(), sink.records(), PATIENCE))
        : ForecastRows.ofForecasts(
            RecordDecoders.of(RecordType.forecasts(), sink.records(), PATIENCE), step);
  }

  private static void put(Map<String, RowMaker> makers, @Nullable String topic, RowMaker maker) {
    if (topic != null) {
      makers.put(topic, maker);
    }
  }
}
