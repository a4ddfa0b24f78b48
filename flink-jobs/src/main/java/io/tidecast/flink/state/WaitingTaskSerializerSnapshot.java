package io.tidecast.flink.state;

import io.tidecast.flink.record.WaitingTask;

/** Of {@link WaitingTask}s in state. Flink makes it, by its name in a savepoint. */
public final class WaitingTaskSerializerSnapshot extends VersionedSerializerSnapshot<WaitingTask> {

  public WaitingTaskSerializerSnapshot() {
    super(WaitingTaskSerializer.INSTANCE);
  }
}
