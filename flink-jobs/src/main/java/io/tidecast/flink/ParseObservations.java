package io.tidecast.flink;

import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Decides of each record whether it is a good observation, or good values of covariates, and if
 * not, why. It does so inside the source, so that watermarks are made per partition and from good
 * observations only: one clock that runs ahead moves nothing.
 *
 * <p>Never throws for what a record holds.
 */
final class ParseObservations implements KafkaRecordDeserializationSchema<ParsedRecord> {

  static final int MAX_SERIES_CHARS = 255;

  /** Far enough from the ends of a long that no arithmetic on grids overflows. */
  static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final long serialVersionUID = 1L;

  private final Topic topic;
  private final SourceFormat format;
  private final int channels;
  private final long maxFutureMillis;
  private final int maxValueBytes;
  private final MillisClock clock;
  private transient ObservationReader reader;

  /** What a record is of. */
  private enum Topic {
    OBSERVATIONS,
    /** Of a series, or of a group. */
    COVARIATES,
    /** Of all series: whatever name a record has is left out. */
    GLOBAL_COVARIATES
  }

  ParseObservations(JobConfig config, MillisClock clock) {
    this.topic = Topic.OBSERVATIONS;
    this.format = config.source().format();
    this.channels = config.series().channels();
    this.maxFutureMillis = config.source().maxFuture().toMillis();
    this.maxValueBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  /**
   * Of future covariates.
   *
   * @param maxFutureMillis how far their time may lie ahead of the clock
   */
  ParseObservations(JobConfig config, long maxFutureMillis, MillisClock clock) {
    CovariateConfig.Feed feed = config.covariates().feed();
    this.topic =
        feed.keyedBy() == CovariateConfig.KeyedBy.GLOBAL
            ? Topic.GLOBAL_COVARIATES
            : Topic.COVARIATES;
    this.format = feed.format();
    this.channels = feed.names().size();
    this.maxFutureMillis = maxFutureMillis;
    this.maxValueBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  private FormatKeys keys() {
    return topic == Topic.OBSERVATIONS ? ConfigKeys.SOURCE_FORMAT : ConfigKeys.COVARIATE_FORMAT;
  }

  @Override
  public void open(InitializationContext context) {
    if (format instanceof SourceFormat.Json json) {
      reader = new MappedReader(json.mapping(), keys(), new JsonTree());
    } else if (format instanceof SourceFormat.Avro avro) {
      AvroTree tree = new AvroTree(avro.schema(), avro.framing());
      reader = new MappedReader(avro.mapping(), keys(), tree);
    } else {
      reader = new TidecastReader(channels);
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedRecord> out) {
    out.collect(parse(SourceRecord.of(record), record.headers()));
  }

  @Override
  public TypeInformation<ParsedRecord> getProducedType() {
    return TypeInformation.of(ParsedRecord.class);
  }

  ParsedRecord parse(SourceRecord source, Headers headers) {
    long now = clock.millis();
    try {
      Measurement measurement = reader.read(source, headers);
      checkTime(measurement.timeMillis(), now);
      if (topic == Topic.GLOBAL_COVARIATES) {
        return new ParsedRecord(
            new Measurement(source, "", measurement.timeMillis(), measurement.values()), null);
      }
      checkSeries(measurement.series());
      return new ParsedRecord(measurement, null);
    } catch (Refused e) {
      return new ParsedRecord(
          null, Rejection.of(e.code, e.getMessage(), source, maxValueBytes, now));
    }
  }

  static void checkSeries(String series) throws Refused {
    if (series.isBlank() || series.length() > MAX_SERIES_CHARS) {
      throw new Refused(
          ErrorCode.INVALID_SERIES,
          "series must have 1 to %d characters, not all blank: length=%d"
              .formatted(MAX_SERIES_CHARS, series.length()));
    }
  }

  private void checkTime(long timeMillis, long now) throws Refused {
    Instant time = Instant.ofEpochMilli(timeMillis);
    Instant latest = Instant.ofEpochMilli(now + maxFutureMillis);
    if (time.isBefore(EARLIEST) || time.isAfter(latest)) {
      throw new Refused(
          ErrorCode.TIME_OUT_OF_RANGE,
          "time must be within %s..%s (%s.max-future ahead of the clock): time=%s"
              .formatted(EARLIEST, latest, keys().section(), time));
    }
  }
}
