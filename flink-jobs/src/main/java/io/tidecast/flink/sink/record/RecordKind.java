package io.tidecast.flink.sink.record;

import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastPoint;
import org.apache.avro.Schema;

/** What a record that the job writes is. */
enum RecordKind {
  FORECAST("io.tidecast.forecast", "forecast.proto", Forecast.getClassSchema()),
  POINT("io.tidecast.forecast-point", "forecast-point.proto", ForecastPoint.getClassSchema()),
  DEAD_LETTER("io.tidecast.dead-letter", "dead-letter.proto", DeadLetter.getClassSchema());

  private final String eventType;
  private final String protobufFile;
  private final Schema schema;

  RecordKind(String eventType, String protobufFile, Schema schema) {
    this.eventType = eventType;
    this.protobufFile = protobufFile;
    this.schema = schema;
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
    return schema.getFullName();
  }

  /** Its schema in Avro. */
  Schema schema() {
    return schema;
  }
}
