package io.tidecast.flink.source;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ParsedRequest;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SourceRecord;
import io.tidecast.schemas.ErrorCode;
import java.math.BigInteger;
import org.apache.flink.api.common.serialization.DeserializationSchema.InitializationContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Decides of each record of the request topic whether it asks for a forecast that the model could
 * make: {@code {"series": "a", "horizon": 12}}. Never throws for what a record holds.
 */
public final class ParseRequests implements KafkaRecordDeserializationSchema<ParsedRequest> {

  private static final long serialVersionUID = 1L;

  private static final FieldPath SERIES = FieldPath.parse("series");
  private static final FieldPath HORIZON = FieldPath.parse("horizon");
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final int maxHorizon;
  private final int maxValueBytes;
  private final PassedHeaders passed;
  private final MillisClock clock;
  private transient FieldReader fields;
  private transient PassingHeaders passing;

  /**
   * @param maxHorizon of the job, which no horizon of a request may exceed
   * @param passed headers of a request that go onto its forecast
   */
  public ParseRequests(int maxHorizon, int maxValueBytes, PassedHeaders passed, MillisClock clock) {
    this.maxHorizon = maxHorizon;
    this.maxValueBytes = maxValueBytes;
    this.passed = passed;
    this.clock = clock;
  }

  @Override
  public void open(InitializationContext context) {
    fields = new FieldReader(new JsonTree());
    passing =
        new PassingHeaders(
            passed, context == null ? null : new JobMetrics(context.getMetricGroup()));
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedRequest> out) {
    out.collect(parse(SourceRecord.of(record), record.headers()));
  }

  @Override
  public TypeInformation<ParsedRequest> getProducedType() {
    return TypeInformation.of(ParsedRequest.class);
  }

  ParsedRequest parse(SourceRecord record, Headers headers) {
    SourceRecord source = passing.of(record, headers);
    RecordOrigin whole = source.whole(maxValueBytes, headers);
    String series = null;
    try {
      fields.next(source, NO_HEADERS);
      series = series();
      return new ParsedRequest(new ForecastRequest(whole, series, horizon()), null);
    } catch (RefusedException e) {
      Rejection rejection = Rejection.of(e.code, e.getMessage(), whole, clock.millis());
      return new ParsedRequest(null, rejection.about(series, null));
    }
  }

  private String series() throws RefusedException {
    Object found = fields.field(SERIES);
    if (found == null) {
      throw RefusedException.missing(SERIES);
    }
    if (!(found instanceof String series)) {
      throw RefusedException.field(SERIES, "text", found);
    }
    ParseMeasurements.checkSeries(series);
    return series;
  }

  private @Nullable Integer horizon() throws RefusedException {
    Object found = fields.field(HORIZON);
    if (found == null) {
      return null;
    }
    if (!(found instanceof Integer || found instanceof Long || found instanceof BigInteger)) {
      throw RefusedException.field(HORIZON, "a whole number", found);
    }
    if (!(found instanceof Integer horizon) || horizon < 1 || horizon > maxHorizon) {
      throw new RefusedException(
          ErrorCode.HORIZON_OUT_OF_RANGE,
          "horizon must be within 1..%d, as far as the job forecasts: horizon=%s"
              .formatted(maxHorizon, found));
    }
    return horizon;
  }
}
