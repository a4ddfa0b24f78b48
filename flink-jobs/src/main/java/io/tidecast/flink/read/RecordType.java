package io.tidecast.flink.read;

import io.tidecast.schemas.Anomaly;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import io.tidecast.schemas.ForecastScore;
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
public record RecordType<T extends SpecificRecordBase>(
    Supplier<T> empty, Schema schema, AvroCodec<T> codec) {

  /** Whole forecasts. */
  public static RecordType<Forecast> forecasts() {
    return new RecordType<>(Forecast::new, Forecast.getClassSchema(), AvroCodec.forecasts());
  }

  /** Points of forecasts. */
  public static RecordType<ForecastPoint> points() {
    return new RecordType<>(
        ForecastPoint::new, ForecastPoint.getClassSchema(), AvroCodec.forecastPoints());
  }

  /** Scores of forecasts. */
  public static RecordType<ForecastScore> scores() {
    return new RecordType<>(
        ForecastScore::new, ForecastScore.getClassSchema(), AvroCodec.forecastScores());
  }

  /** Cells that have closed. */
  public static RecordType<Cell> cells() {
    return new RecordType<>(Cell::new, Cell.getClassSchema(), AvroCodec.cells());
  }

  /** What series were not expected to do. */
  public static RecordType<Anomaly> anomalies() {
    return new RecordType<>(Anomaly::new, Anomaly.getClassSchema(), AvroCodec.anomalies());
  }

  /** Dead letters. */
  public static RecordType<DeadLetter> deadLetters() {
    return new RecordType<>(DeadLetter::new, DeadLetter.getClassSchema(), AvroCodec.deadLetters());
  }
}
