package io.tidecast.flink;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.ErrorCode;
import io.tidecast.schemas.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decides of each record whether it is a good observation, and if not, why. It does so inside the
 * source, so that watermarks are made per partition and from good observations only: one clock that
 * runs ahead moves nothing.
 *
 * <p>Never throws for what a record holds.
 */
final class ParseObservations implements KafkaRecordDeserializationSchema<ParsedRecord> {

  static final int MAX_SERIES_CHARS = 255;

  /** Far enough from the ends of a long that no arithmetic on grids overflows. */
  static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final long serialVersionUID = 1L;

  private final int channels;
  private final long maxFutureMillis;
  private final int maxValueBytes;
  private final MillisClock clock;
  private transient AvroCodec<Observation> codec;

  ParseObservations(int channels, Duration maxFuture, int maxValueBytes, MillisClock clock) {
    this.channels = channels;
    this.maxFutureMillis = maxFuture.toMillis();
    this.maxValueBytes = maxValueBytes;
    this.clock = clock;
  }

  @Override
  public void open(InitializationContext context) {
    codec = AvroCodec.observations();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedRecord> out) {
    SourceRecord source =
        new SourceRecord(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.key(),
            record.value());
    out.collect(parse(source));
  }

  @Override
  public TypeInformation<ParsedRecord> getProducedType() {
    return TypeInformation.of(ParsedRecord.class);
  }

  ParsedRecord parse(SourceRecord source) {
    long now = clock.millis();
    try {
      Observation observation = codec.decode(source.value());
      checkSeries(observation.getSeries());
      long timeMillis = checkedTime(observation.getTime(), now);
      float[] values = checkedValues(observation.getValues());
      return new ParsedRecord(
          new Measurement(source, observation.getSeries(), timeMillis, values), null);
    } catch (CodecException e) {
      return rejected(e.code(), e.getMessage(), source, now);
    } catch (Refused e) {
      return rejected(e.code, e.getMessage(), source, now);
    }
  }

  private ParsedRecord rejected(ErrorCode code, String detail, SourceRecord source, long now) {
    return new ParsedRecord(null, Rejection.of(code, detail, source, maxValueBytes, now));
  }

  private static void checkSeries(String series) throws Refused {
    if (series.isBlank() || series.length() > MAX_SERIES_CHARS) {
      throw new Refused(
          ErrorCode.INVALID_SERIES,
          "series must have 1 to %d characters, not all blank: length=%d"
              .formatted(MAX_SERIES_CHARS, series.length()));
    }
  }

  private long checkedTime(Instant time, long now) throws Refused {
    Instant latest = Instant.ofEpochMilli(now + maxFutureMillis);
    if (time.isBefore(EARLIEST) || time.isAfter(latest)) {
      throw new Refused(
          ErrorCode.TIME_OUT_OF_RANGE,
          "time must be within %s..%s (source.max-future ahead of the clock): time=%s"
              .formatted(EARLIEST, latest, time));
    }
    return time.toEpochMilli();
  }

  private float[] checkedValues(List<Double> values) throws Refused {
    if (values.size() != channels) {
      throw new Refused(
          ErrorCode.WRONG_CHANNEL_COUNT,
          "values must have one entry per channel, %d: size=%d".formatted(channels, values.size()));
    }
    float[] checked = new float[channels];
    for (int i = 0; i < channels; i++) {
      Double value = values.get(i);
      checked[i] = value == null ? Float.NaN : value.floatValue();
      // After the cast: a double beyond the range of float becomes infinite there.
      if (value != null && !Float.isFinite(checked[i])) {
        throw new Refused(
            ErrorCode.NON_FINITE_VALUE,
            "value must be finite as a 32-bit float: values[%d]=%s".formatted(i, value));
      }
    }
    return checked;
  }

  /** Leaves the checks early; thrown for every bad record, so without a stack trace. */
  private static final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    final ErrorCode code;

    Refused(ErrorCode code, String message) {
      super(message, null, false, false);
      this.code = code;
    }
  }
}
