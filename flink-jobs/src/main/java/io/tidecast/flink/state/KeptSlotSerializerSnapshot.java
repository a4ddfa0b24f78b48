package io.tidecast.flink.state;

import io.tidecast.flink.model.KeptSlot;

/** Of {@link KeptSlot}s in state. Flink makes it, by its name in a savepoint. */
public final class KeptSlotSerializerSnapshot extends VersionedSerializerSnapshot<KeptSlot> {

  public KeptSlotSerializerSnapshot() {
    super(KeptSlotSerializer.INSTANCE);
  }
}
