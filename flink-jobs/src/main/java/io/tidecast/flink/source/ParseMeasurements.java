package io.tidecast.flink.source;

import io.tidecast.flink.config.ConfigKeys;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobConfig.ChannelSeries;
import io.tidecast.flink.config.RecordFormatKeys;
import io.tidecast.flink.covariates.CovariateConfig;
import io.tidecast.flink.format.MappedReader;
import io.tidecast.flink.format.ObservationReader;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.format.TidecastReader;
import io.tidecast.flink.format.avro.AvroTree;
import io.tidecast.flink.format.csv.CsvTree;
import io.tidecast.flink.format.field.Mapping;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.ErrorCode;
import java.time.Instant;
import java.util.List;
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
public final class ParseMeasurements
    implements KafkaRecordDeserializationSchema<ParsedMeasurement> {

  static final int MAX_SERIES_CHARS = 255;

  /** Far enough from the ends of a long that no arithmetic on grids overflows. */
  static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

  private static final long serialVersionUID = 1L;

  private final Topic topic;
  private final SourceFormat format;
  private final int channels;
  private final int maxSeriesChars;
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

  public ParseMeasurements(JobConfig config, MillisClock clock) {
    this.topic = Topic.OBSERVATIONS;
    this.format = config.source().format();
    ChannelSeries independent = config.source().channels();
    this.channels = independent == null ? config.series().channels() : independent.names().size();
    this.maxSeriesChars =
        MAX_SERIES_CHARS - (independent == null ? 0 : independent.longestSuffix());
    this.maxFutureMillis = config.source().maxFuture().toMillis();
    this.maxValueBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  /**
   * Of future covariates.
   *
   * @param maxFutureMillis how far their time may lie ahead of the clock
   */
  public ParseMeasurements(JobConfig config, long maxFutureMillis, MillisClock clock) {
    CovariateConfig.Feed feed = config.covariates().feed();
    this.topic =
        feed.keyedBy() == CovariateConfig.KeyedBy.GLOBAL
            ? Topic.GLOBAL_COVARIATES
            : Topic.COVARIATES;
    this.format = feed.format();
    this.channels = feed.names().size();
    this.maxSeriesChars = MAX_SERIES_CHARS;
    this.maxFutureMillis = maxFutureMillis;
    this.maxValueBytes = config.deadLetters().maxValueBytes();
    this.clock = clock;
  }

  private ParseMeasurements(ParseMeasurements other, ObservationReader reader) {
    this.topic = other.topic;
    this.format = other.format;
    this.channels = other.channels;
    this.maxSeriesChars = other.maxSeriesChars;
    this.maxFutureMillis = other.maxFutureMillis;
    this.maxValueBytes = other.maxValueBytes;
    this.clock = other.clock;
    this.reader = reader;
  }

  /** An open parser of a CSV file. */
  public ParseMeasurements ofColumns(List<String> names) {
    Mapping mapping = ((SourceFormat.Csv) format).mapping();
    return new ParseMeasurements(this, new MappedReader(mapping, new CsvTree(names)));
  }

  private RecordFormatKeys keys() {
    return topic == Topic.OBSERVATIONS ? ConfigKeys.SOURCE_FORMAT : ConfigKeys.COVARIATE_FORMAT;
  }

  @Override
  public void open(InitializationContext context) {
    if (format instanceof SourceFormat.Json json) {
      reader = new MappedReader(json.mapping(), new JsonTree());
    } else if (format instanceof SourceFormat.Avro avro) {
      AvroTree tree = new AvroTree(avro.schema(), avro.framing());
      reader = new MappedReader(avro.mapping(), tree);
    } else {
      reader = new TidecastReader(channels);
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedMeasurement> out) {
    out.collect(parse(SourceRecord.of(record), record.headers()));
  }

  @Override
  public TypeInformation<ParsedMeasurement> getProducedType() {
    return TypeInformation.of(ParsedMeasurement.class);
  }

  public ParsedMeasurement parse(SourceRecord source, Headers headers) {
    long now = clock.millis();
    try {
      Measurement measurement = reader.read(source, headers);
      checkTime(measurement.timeMillis(), now);
      if (topic == Topic.GLOBAL_COVARIATES) {
        return new ParsedMeasurement(
            new Measurement(source, "", measurement.timeMillis(), measurement.values()), null);
      }
      checkSeries(measurement.series(), maxSeriesChars);
      return new ParsedMeasurement(measurement, null);
    } catch (RefusedException e) {
      return new ParsedMeasurement(
          null, Rejection.of(e.code, e.getMessage(), source, maxValueBytes, now));
    }
  }

  static void checkSeries(String series) throws RefusedException {
    checkSeries(series, MAX_SERIES_CHARS);
  }

  private static void checkSeries(String series, int maxChars) throws RefusedException {
    if (series.isBlank() || series.length() > maxChars) {
      throw new RefusedException(
          ErrorCode.INVALID_SERIES,
          "series must have 1 to %d characters, not all blank: length=%d"
              .formatted(maxChars, series.length()));
    }
  }

  private void checkTime(long timeMillis, long now) throws RefusedException {
    Instant time = Instant.ofEpochMilli(timeMillis);
    Instant latest = Instant.ofEpochMilli(now + maxFutureMillis);
    if (time.isBefore(EARLIEST) || time.isAfter(latest)) {
      throw new RefusedException(
          ErrorCode.TIME_OUT_OF_RANGE,
          "time must be within %s..%s (%s.max-future ahead of the clock): time=%s"
              .formatted(EARLIEST, latest, keys().section(), time));
    }
  }
}
