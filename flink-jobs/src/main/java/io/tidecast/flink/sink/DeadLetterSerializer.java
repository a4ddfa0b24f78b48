package io.tidecast.flink.sink;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes dead letters under the key of the rejected record, or the series of a failed forecast. */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Rejection> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private transient AvroCodec<DeadLetter> codec;
  private transient Map<ErrorCode, Counter> counters;

  public DeadLetterSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    if (codec != null) {
      // As in ForecastSerializer.
      return;
    }
    codec = AvroCodec.deadLetters();
    JobMetrics metrics = new JobMetrics(context.getMetricGroup());
    counters = new EnumMap<>(ErrorCode.class);
    for (ErrorCode code : ErrorCode.values()) {
      counters.put(code, metrics.counter(JobMetric.DEAD_LETTERS, code.code()));
    }
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Rejection rejection, KafkaSinkContext sink, Long timestamp) {
    counters.get(rejection.code()).inc();
    // No timestamp, that is the wall clock; see ForecastSerializer.
    return new ProducerRecord<>(topic, null, null, key(rejection), codec.encode(record(rejection)));
  }

  /** The series stands in for the key of a record whose bytes stayed behind. */
  private static byte[] key(Rejection rejection) {
    RecordOrigin source = rejection.source();
    return source == null || (source.isBehind() && rejection.series() != null)
        ? rejection.series().getBytes(StandardCharsets.UTF_8)
        : source.key();
  }

  private static DeadLetter record(Rejection rejection) {
    DeadLetter.Builder letter =
        DeadLetter.newBuilder()
            .setReason(rejection.code().code())
            .setDetail(rejection.detail())
            .setSeries(rejection.series())
            .setTime(instant(rejection.timeMillis()))
            .setRejectedAt(Instant.ofEpochMilli(rejection.rejectedAtMillis()));
    RecordOrigin source = rejection.source();
    if (source != null) {
      letter
          .setTopic(source.topic())
          .setPartition(source.partition())
          .setOffset(source.offset())
          .setTimestamp(source.timestampMillis() < 0 ? null : instant(source.timestampMillis()))
          .setKey(buffer(source.key()))
          .setKeyLength(source.keyLength())
          .setValue(buffer(source.value()))
          .setValueLength(source.valueLength());
    }
    return letter.build();
  }

  private static Instant instant(Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
