package io.tidecast.cli.read;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A kind of record that the job writes.
 *
 * @param empty makes one whose fields are then put
 * @param schema that has its fields, in the order and under the names of every format
 * @param codec of Tidecast's own format
 */
record RecordType<T extends SpecificRecordBase>(
    Supplier<T> empty, Schema schema, AvroCodec<T> codec) {

  static RecordType<Forecast> forecasts() {
    return new RecordType<>(Forecast::new, Forecast.getClassSchema(), AvroCodec.forecasts());
  }

  static RecordType<ForecastPoint> points() {
    return new RecordType<>(
        ForecastPoint::new, ForecastPoint.getClassSchema(), AvroCodec.forecastPoints());
  }

  static RecordType<DeadLetter> deadLetters() {
    return new RecordType<>(DeadLetter::new, DeadLetter.getClassSchema(), AvroCodec.deadLetters());
  }
}
