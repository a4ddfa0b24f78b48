package io.tidecast.flink.state;

import io.tidecast.flink.record.LeadForecasts;

/** Of {@link LeadForecasts} under way. Flink makes it, by its name in an unaligned checkpoint. */
public final class LeadForecastsSerializerSnapshot
    extends VersionedSerializerSnapshot<LeadForecasts> {

  public LeadForecastsSerializerSnapshot() {
    super(LeadForecastsSerializer.INSTANCE);
  }
}
