package io.tidecast.benchmarks.pipeline;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is measured must have been done: one forecast of the model for each series and origin. */
final class Completeness {

  private Completeness() {}

  /**
   * Refuses forecasts of which one is missing, comes twice or is the baseline's.
   *
   * @param values of the topic of forecasts
   * @param expected how many there must be
   * @throws IllegalStateException naming the first that is wrong
   */
  static void require(List<byte[]> values, long expected) throws CodecException {
    AvroCodec<Forecast> codec = AvroCodec.forecasts();
    Set<String> seen = new HashSet<>();
    for (byte[] value : values) {
      Forecast forecast = codec.decode(value);
      if (forecast.getFallback()) {
        throw new IllegalStateException("no forecast may be the baseline's: " + forecast);
      }
      if (!seen.add(forecast.getSeries() + " " + forecast.getOrigin())) {
        throw new IllegalStateException("no forecast may come twice: " + forecast);
      }
    }
    if (seen.size() != expected) {
      throw new IllegalStateException(
          "forecasts must be complete: expected=%d found=%d".formatted(expected, seen.size()));
    }
  }
}
