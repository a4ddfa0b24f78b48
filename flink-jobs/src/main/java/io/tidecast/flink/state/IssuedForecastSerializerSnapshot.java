package io.tidecast.flink.state;

import io.tidecast.flink.record.IssuedForecast;

/**
 * Of {@link IssuedForecast}s under way, and of those that wait for their cell. Flink makes it, by
 * its name in a savepoint.
 */
public final class IssuedForecastSerializerSnapshot
    extends VersionedSerializerSnapshot<IssuedForecast> {

  public IssuedForecastSerializerSnapshot() {
    super(IssuedForecastSerializer.INSTANCE);
  }
}
