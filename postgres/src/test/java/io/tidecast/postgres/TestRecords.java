package io.tidecast.postgres;

import io.tidecast.schemas.Anomaly;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Cell;
import io.tidecast.schemas.Forecast;
import io.tidecast.schemas.ForecastScore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/** Records as a job with a step of an hour writes them, in its own format. */
final class TestRecords {

  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  static final Duration STEP = Duration.ofHours(1);

  private TestRecords() {}

  static Instant hour(long count) {
    return START.plus(STEP.multipliedBy(count));
  }

  /** Generated records have no setters. */
  static void set(SpecificRecordBase record, String field, Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }

  static byte[] cell(String series, long hour, Double value, boolean correction) {
    return AvroCodec.cells().encode(new Cell(series, "load", hour(hour), value, correction));
  }

  /** Of two steps, with the levels .1, .5 and .9, whose values are the hour and the revision. */
  static Forecast forecast(String series, long hour, int revision) {
    double value = hour + revision / 10.0;
    Forecast forecast = new Forecast();
    set(forecast, "series", series);
    set(forecast, "origin", hour(hour));
    set(forecast, "issuedAt", hour(hour).plusSeconds(1 + revision));
    set(forecast, "stepMillis", STEP.toMillis());
    set(forecast, "horizon", 2);
    set(forecast, "modelId", "m");
    set(forecast, "modelVersion", "1");
    set(forecast, "channels", 1);
    set(forecast, "targets", List.of("load"));
    set(forecast, "points", List.of(value, value + 1));
    set(forecast, "quantileLevels", List.of(0.1, 0.5, 0.9));
    List<Double> quantiles = new ArrayList<>();
    for (double point : new double[] {value, value + 1}) {
      quantiles.addAll(List.of(point - 1, point, point + 1));
    }
    set(forecast, "quantiles", quantiles);
    set(forecast, "filledCells", 0);
    set(forecast, "fallback", false);
    set(forecast, "revision", revision);
    set(forecast, "role", "primary");
    return forecast;
  }

  static byte[] bytes(Forecast forecast) {
    return AvroCodec.forecasts().encode(forecast);
  }

  static byte[] score(String series, long hour, double mae) {
    ForecastScore score = new ForecastScore();
    for (var field : score.getSchema().getFields()) {
      switch (field.schema().getType()) {
        case STRING -> score.put(field.pos(), "primary");
        case DOUBLE -> score.put(field.pos(), mae);
        case INT -> score.put(field.pos(), 1);
        case LONG ->
            score.put(field.pos(), field.name().equals("time") ? (Object) hour(hour) : (Object) 5L);
        default -> {}
      }
    }
    set(score, "series", series);
    set(score, "target", "load");
    set(score, "modelId", "m");
    set(score, "modelVersion", "1");
    return AvroCodec.forecastScores().encode(score);
  }

  static byte[] anomaly(String series, long hour, boolean withdrawn) {
    return AvroCodec.anomalies()
        .encode(
            new Anomaly(
                series,
                "load",
                hour(hour),
                "anomaly",
                "above",
                9.0,
                5.0,
                3.0,
                7.0,
                0.99,
                2.0,
                1,
                1,
                hour(hour),
                null,
                null,
                hour(hour - 1),
                1,
                "m",
                "1",
                withdrawn));
  }

  static byte[] event(String kind, long hour, int subtask) {
    return """
        {"time":"%s","kind":"%s","slot":"default","commandId":null,"path":"models/m/1","modelId":"m","modelVersion":"1","sha256":null,"fromOrigin":null,"stage":null,"reason":null,"subtask":%d,"parallelism":2,"later":"field"}"""
        .formatted(hour(hour), kind, subtask)
        .getBytes(StandardCharsets.UTF_8);
  }
}
