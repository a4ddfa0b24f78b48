package io.tidecast.cli.quickstart;

import io.tidecast.schemas.Forecast;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes forecasts of the demand series for tests. */
public final class Forecasts {
  private Forecasts() {}

  static Forecast of(Instant origin, float... points) {
    return of(DemandSeries.NAME, origin, points);
  }

  static Forecast of(String series, Instant origin, float... points) {
    List<Double> values = new ArrayList<>();
    for (float point : points) {
      values.add((double) point);
    }
    return Forecast.newBuilder()
        .setSeries(series)
        .setOrigin(origin)
        .setIssuedAt(origin.plus(Duration.ofSeconds(1)))
        .setStepMillis(DemandSeries.STEP.toMillis())
        .setHorizon(points.length)
        .setModelId("test")
        .setModelVersion("1")
        .setChannels(1)
        .setPoints(values)
        .setFilledCells(0)
        .setFallback(false)
        .build();
  }
}
