package io.tidecast.flink.sink.kafka;

import io.tidecast.flink.kafka.KafkaSettings;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import org.apache.flink.api.connector.sink2.Sink;

/** Makes the Kafka sinks of a job. */
public final class KafkaSinks {

  private KafkaSinks() {}

  /**
   * Makes the sink of the forecasts.
   *
   * @param stepMillis from one point of a forecast to the next
   */
  public static Sink<IssuedForecast> forecasts(
      KafkaSettings kafka, SinkSettings.Kafka settings, long stepMillis) {
    return new TrackingSink<>(
        kafka,
        settings,
        new TrackingSink.Written<>(
            SinkRecords.FORECASTS,
            IssuedForecast::originMillis,
            new ForecastSerializer(settings.topic(), stepMillis)));
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
            new DeadLetterSerializer(deadLetters.topic())));
  }
}
