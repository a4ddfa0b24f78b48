package io.tidecast.flink.sink.record;

import java.io.IOException;

/** Writes the key of a forecast that is more than its series: its origin as well. */
record OriginKeyShape() implements Shape<KeyedForecast> {

  @Override
  public void write(KeyedForecast forecast, Fields out) throws IOException {
    out.text("series", forecast.forecast().series(), forecast.series());
    out.time("origin", forecast.forecast().originMillis());
  }
}
