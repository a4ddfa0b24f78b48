package io.tidecast.benchmarks.pipeline;

import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.CodecException;
import io.tidecast.schemas.Forecast;
import java.util.BitSet;

/**
 * What is measured must have been done: one forecast of the model for each series and origin. It
 * keeps a bit of each forecast, so there may be millions. One thread.
 */
final class Completeness {

  private final Workload workload;
  private final AvroCodec<Forecast> codec = AvroCodec.forecasts();
  private final BitSet seen = new BitSet();

  Completeness(Workload workload) {
    this.workload = workload;
  }

  /**
   * Takes a value of the topic of forecasts.
   *
   * @return the place of its origin; see {@link WorkloadRecords#place}
   * @throws IllegalStateException naming it, if it comes twice or is the baseline's
   */
  int take(byte[] value) throws CodecException {
    Forecast forecast = codec.decode(value);
    if (forecast.getFallback()) {
      throw new IllegalStateException("no forecast may be the baseline's: " + forecast);
    }
    int place = WorkloadRecords.place(workload, forecast.getSeries(), forecast.getOrigin());
    if (seen.get(place)) {
      throw new IllegalStateException("no forecast may come twice: " + forecast);
    }
    seen.set(place);
    return place;
  }

  /**
   * Refuses what is not complete.
   *
   * @param expected how many different forecasts there must be
   * @throws IllegalStateException if there are others
   */
  void require(long expected) {
    if (seen.cardinality() != expected) {
      throw new IllegalStateException(
          "forecasts must be complete: expected=%d found=%d"
              .formatted(expected, seen.cardinality()));
    }
  }
}
