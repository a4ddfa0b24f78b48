package io.tidecast.flink.sink;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes forecasts, keyed by series so that those of one series stay in order. */
public final class ForecastSerializer implements KafkaRecordSerializationSchema<IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private final ForecasterSpec spec;
  private final long stepMillis;
  private transient AvroCodec<Forecast> codec;
  private transient Counter forecasts;
  private transient Counter fallbacks;

  public ForecastSerializer(String topic, ForecasterSpec spec, long stepMillis) {
    this.topic = topic;
    this.spec = spec;
    this.stepMillis = stepMillis;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    if (codec != null) {
      // The exactly-once writer opens twice; counters of the second time would be in no report.
      return;
    }
    codec = AvroCodec.forecasts();
    JobMetrics metrics = new JobMetrics(context.getMetricGroup());
    forecasts = metrics.counter(JobMetric.FORECASTS);
    fallbacks = metrics.counter(JobMetric.FALLBACK_FORECASTS);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      IssuedForecast forecast, KafkaSinkContext sink, Long timestamp) {
    (forecast.fallback() ? fallbacks : forecasts).inc();
    byte[] key = forecast.series().getBytes(StandardCharsets.UTF_8);
    // No timestamp, that is the wall clock: with the event time of an old series, the retention of
    // the topic would delete its forecasts as soon as they are written.
    return new ProducerRecord<>(topic, null, null, key, codec.encode(record(forecast)));
  }

  private Forecast record(IssuedForecast forecast) {
    return Forecast.newBuilder()
        .setSeries(forecast.series())
        .setOrigin(Instant.ofEpochMilli(forecast.originMillis()))
        .setIssuedAt(Instant.ofEpochMilli(forecast.issuedAtMillis()))
        .setStepMillis(stepMillis)
        .setHorizon(forecast.horizon())
        .setModelId(forecast.modelId())
        .setModelVersion(forecast.modelVersion())
        .setChannels(spec.targets().size())
        .setPoints(new Floats(forecast.points(), forecast.horizon() * spec.targets().size()))
        .setQuantileLevels(forecast.quantiles().length == 0 ? List.of() : spec.quantileLevels())
        .setQuantiles(new Floats(forecast.quantiles(), quantiles(forecast)))
        .setFilledCells(forecast.filledCells())
        .setFallback(forecast.fallback())
        .setRevision(forecast.revision())
        .build();
  }

  private int quantiles(IssuedForecast forecast) {
    return forecast.quantiles().length / spec.horizon() * forecast.horizon();
  }

  /** The beginning of an array as the list that Avro asks for. */
  private static final class Floats extends AbstractList<Float> {

    private final float[] values;
    private final int size;

    Floats(float[] values, int size) {
      this.values = values;
      this.size = size;
    }

    @Override
    public Float get(int index) {
      return values[index];
    }

    @Override
    public int size() {
      return size;
    }
  }
}
