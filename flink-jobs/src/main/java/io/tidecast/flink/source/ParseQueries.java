package io.tidecast.flink.source;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.FieldReader;
import io.tidecast.flink.format.field.Refused;
import io.tidecast.flink.format.json.JsonTree;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastQuery;
import io.tidecast.flink.record.ParsedQuery;
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

/**
 * Decides of each record of the request topic whether it asks for a forecast that the model could
 * make: {@code {"series": "a", "horizon": 12}}. Never throws for what a record holds.
 */
public final class ParseQueries implements KafkaRecordDeserializationSchema<ParsedQuery> {

  private static final long serialVersionUID = 1L;

  private static final FieldPath SERIES = FieldPath.parse("series");
  private static final FieldPath HORIZON = FieldPath.parse("horizon");
  private static final Headers NO_HEADERS = new RecordHeaders();

  private final int maxHorizon;
  private final int maxValueBytes;
  private final MillisClock clock;
  private transient FieldReader fields;

  /**
   * @param maxHorizon of the job, which no horizon of a request may exceed
   */
  public ParseQueries(int maxHorizon, int maxValueBytes, MillisClock clock) {
    this.maxHorizon = maxHorizon;
    this.maxValueBytes = maxValueBytes;
    this.clock = clock;
  }

  @Override
  public void open(InitializationContext context) {
    fields = new FieldReader(new JsonTree());
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ParsedQuery> out) {
    out.collect(parse(SourceRecord.of(record)));
  }

  @Override
  public TypeInformation<ParsedQuery> getProducedType() {
    return TypeInformation.of(ParsedQuery.class);
  }

  ParsedQuery parse(SourceRecord source) {
    try {
      fields.next(source, NO_HEADERS);
      return new ParsedQuery(new ForecastQuery(source, series(), horizon()), null);
    } catch (Refused e) {
      return new ParsedQuery(
          null, Rejection.of(e.code, e.getMessage(), source, maxValueBytes, clock.millis()));
    }
  }

  private String series() throws Refused {
    Object found = fields.field(SERIES);
    if (found == null) {
      throw Refused.missing(SERIES);
    }
    if (!(found instanceof String series)) {
      throw Refused.field(SERIES, "text", found);
    }
    ParseObservations.checkSeries(series);
    return series;
  }

  private Integer horizon() throws Refused {
    Object found = fields.field(HORIZON);
    if (found == null) {
      return null;
    }
    if (!(found instanceof Integer || found instanceof Long || found instanceof BigInteger)) {
      throw Refused.field(HORIZON, "a whole number", found);
    }
    if (!(found instanceof Integer horizon) || horizon < 1 || horizon > maxHorizon) {
      throw new Refused(
          ErrorCode.HORIZON_OUT_OF_RANGE,
          "horizon must be within 1..%d, as far as the job forecasts: horizon=%s"
              .formatted(maxHorizon, found));
    }
    return horizon;
  }
}
