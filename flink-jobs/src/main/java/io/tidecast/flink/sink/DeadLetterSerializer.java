package io.tidecast.flink.sink;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.flink.api.common.serialization.SerializationSchema.InitializationContext;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes dead letters under the key of the rejected record, or the series of a failed forecast. */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<Rejection> {

  private static final long serialVersionUID = 1L;

  private final String topic;
  private transient Opened opened;

  private record Opened(AvroCodec<DeadLetter> codec, DeadLetterTally tally) {}

  public DeadLetterSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public void open(InitializationContext context, KafkaSinkContext sink) {
    if (opened != null) {
      // As in ForecastSerializer.
      return;
    }
    opened =
        new Opened(
            AvroCodec.deadLetters(), new DeadLetterTally(new JobMetrics(context.getMetricGroup())));
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Rejection rejection, KafkaSinkContext sink, Long timestamp) {
    opened.tally.count(rejection);
    // No timestamp, that is the wall clock; see ForecastSerializer.
    return new ProducerRecord<>(
        topic, null, null, key(rejection), opened.codec.encode(record(rejection)));
  }

  /** The series stands in for the key of a record whose bytes stayed behind. */
  private static byte @Nullable [] key(Rejection rejection) {
    RecordOrigin source = rejection.source();
    String series = rejection.series();
    if (source != null && (series == null || !source.isBehind())) {
      return source.key();
    }
    return requireNonNull(series, "source and series are null").getBytes(StandardCharsets.UTF_8);
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

  private static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
