package io.tidecast.flink.sink.record;

import io.tidecast.schemas.Anomaly;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import io.tidecast.schemas.ForecastScore;
import org.apache.avro.Schema;

/** What a record that the job writes is. */
enum RecordKind {
  FORECAST("io.tidecast.forecast", "forecast.proto"),
  POINT("io.tidecast.forecast-point", "forecast-point.proto"),
  SCORE("io.tidecast.forecast-score", "forecast-score.proto"),
  CELL("io.tidecast.cell", "cell.proto"),
  ANOMALY("io.tidecast.anomaly", "anomaly.proto"),
  DEAD_LETTER("io.tidecast.dead-letter", "dead-letter.proto");

  private final String eventType;
  private final String protobufFile;

  RecordKind(String eventType, String protobufFile) {
    this.eventType = eventType;
    this.protobufFile = protobufFile;
  }

  /** The type of its CloudEvents. */
  String eventType() {
    return eventType;
  }

  /** The published file that has its message. */
  String protobufFile() {
    return protobufFile;
  }

  /** The name of its schema in Avro and Protobuf. */
  String fullName() {
    return schema().getFullName();
  }

  /** Its schema in Avro. */
  Schema schema() {
    return switch (this) {
      case FORECAST -> Forecast.getClassSchema();
      case POINT -> ForecastPoint.getClassSchema();
      case SCORE -> ForecastScore.getClassSchema();
      case CELL -> Cell.getClassSchema();
      case ANOMALY -> Anomaly.getClassSchema();
      case DEAD_LETTER -> DeadLetter.getClassSchema();
    };
  }
}
