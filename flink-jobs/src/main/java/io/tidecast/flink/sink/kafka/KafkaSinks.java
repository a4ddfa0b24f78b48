package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.DeadLetterSettings;
import io.tidecast.flink.sink.RecordEncoder;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.record.AnomalyRecords;
import io.tidecast.flink.sink.record.CellRecords;
import io.tidecast.flink.sink.record.DeadLetterRecords;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.flink.sink.record.ModelEventRecords;
import io.tidecast.flink.sink.record.ScoreRecords;
import io.tidecast.runtime.grid.GridStep;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;

/** Makes the Kafka sinks of a job. */
public final class KafkaSinks {

  private KafkaSinks() {}

  /**
   * Makes the sink of the forecasts.
   *
   * @param step from one point of a forecast to the next
   * @param levels of the quantiles of the job's model
   */
  public static Sink<IssuedForecast> forecasts(
      KafkaSettings kafka, SinkSettings.Kafka settings, GridStep step, double[] levels) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.FORECASTS,
            IssuedForecast::originMillis,
            new ForecastRecords(settings, step, levels)));
  }

  /**
   * Makes the sink of the forecasts of shadows, which delivers as that of the forecasts does, to a
   * topic of theirs.
   *
   * @param step from one point of a forecast to the next
   * @param levels of the quantiles of the job's model
   */
  public static Sink<IssuedForecast> shadows(
      KafkaSettings kafka, SinkSettings.Kafka settings, GridStep step, double[] levels) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.SHADOW_FORECASTS,
            IssuedForecast::originMillis,
            ForecastRecords.ofShadows(settings, step, levels)));
  }

  /**
   * Makes the sink of the scores, which delivers as that of the forecasts does.
   *
   * @param topic of the scores
   */
  public static Sink<ForecastScore> scores(
      KafkaSettings kafka, SinkSettings.Kafka settings, String topic) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.SCORES, ForecastScore::timeMillis, new ScoreRecords(topic, settings)));
  }

  /**
   * Makes the sink of closed cells, which delivers as that of the forecasts does.
   *
   * @param topic of the cells
   * @param channels names of what a series observes, in order; empty where they have none
   */
  public static Sink<ClosedCell> cells(
      KafkaSettings kafka, SinkSettings.Kafka settings, String topic, List<String> channels) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.CELLS, ClosedCell::timeMillis, new CellRecords(topic, channels, settings)));
  }

  /**
   * Makes the sink of the anomalies, which delivers as that of the forecasts does.
   *
   * @param topic of the anomalies
   */
  public static Sink<Anomaly> anomalies(
      KafkaSettings kafka, SinkSettings.Kafka settings, String topic) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.ANOMALIES, Anomaly::timeMillis, new AnomalyRecords(topic, settings)));
  }

  /** Makes the sink of the dead letters, which delivers as that of the forecasts does. */
  public static Sink<Rejection> deadLetters(
      KafkaSettings kafka, SinkSettings.Kafka settings, DeadLetterSettings deadLetters) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.DEAD_LETTERS,
            Rejection::rejectedAtMillis,
            new DeadLetterRecords(deadLetters)));
  }

  /** Makes the sink of what happens to models, which delivers as that of the forecasts does. */
  public static Sink<ModelEvent> modelEvents(
      KafkaSettings kafka, SinkSettings.Kafka settings, String topic) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.MODEL_EVENTS,
            ModelEvent::timeMillis,
            new ModelEventRecords(topic, settings.records())));
  }

  /**
   * Makes the sink of the commands that the job itself gives, which delivers as that of the
   * forecasts does.
   *
   * @param encoder makes their records
   */
  public static Sink<ModelCommand> modelCommands(
      KafkaSettings kafka, SinkSettings.Kafka settings, RecordEncoder<ModelCommand> encoder) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.MODEL_COMMANDS, command -> MillisClock.SYSTEM.millis(), encoder));
  }
}
