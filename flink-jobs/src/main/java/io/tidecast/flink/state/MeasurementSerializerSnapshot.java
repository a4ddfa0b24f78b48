package io.tidecast.flink.state;

import io.tidecast.flink.record.Measurement;

/** Of {@link Measurement}s under way. Flink makes it, by its name in an unaligned checkpoint. */
public final class MeasurementSerializerSnapshot extends VersionedSerializerSnapshot<Measurement> {

  public MeasurementSerializerSnapshot() {
    super(MeasurementSerializer.INSTANCE);
  }
}
