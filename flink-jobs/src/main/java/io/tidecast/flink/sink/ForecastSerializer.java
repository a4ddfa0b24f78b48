package io.tidecast.flink.sink;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.IssuedForecast;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes forecasts, keyed by series so that those of one series stay in order. What a forecast
 * holds, it says itself: nothing is taken from the model of the job.
 */
public final class ForecastSerializer implements KafkaRecordSerializationSchema<IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final long stepMillis;
  private transient Opened opened;

  private record Opened(ForecastEncoder encoder, Counter forecasts, Counter fallbacks) {}

  /**
   * @param stepMillis from one point of a forecast to the next
   */
  public ForecastSerializer(String topic, long stepMillis) {
    this.topic = topic;
    this.stepMillis = stepMillis;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    if (opened != null) {
      // The exactly-once writer opens twice; counters of the second time would be in no report.
      return;
    }
    JobMetrics metrics = new JobMetrics(context.getMetricGroup());
    opened =
        new Opened(
            new ForecastEncoder(stepMillis),
            metrics.counter(JobMetric.FORECASTS),
            metrics.counter(JobMetric.FALLBACK_FORECASTS));
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      IssuedForecast forecast, KafkaSinkContext sink, Long timestamp) {
    (forecast.fallback() ? opened.fallbacks : opened.forecasts).inc();
    byte[] key = forecast.series().getBytes(StandardCharsets.UTF_8);
    // No timestamp, that is the wall clock: with the event time of an old series, the retention of
    // the topic would delete its forecasts as soon as they are written.
    return new ProducerRecord<>(topic, null, null, key, opened.encoder.encode(forecast, key));
  }
}
