package io.tidecast.flink.state;

import io.tidecast.flink.record.ForecastTask;

/** Of {@link ForecastTask}s in state. Flink makes it, by its name in a savepoint. */
public final class ForecastTaskSerializerSnapshot
    extends VersionedSerializerSnapshot<ForecastTask> {

  public ForecastTaskSerializerSnapshot() {
    super(ForecastTaskSerializer.INSTANCE);
  }
}
