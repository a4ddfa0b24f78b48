package io.tidecast.flink.state;

import io.tidecast.flink.record.ClosedCell;

/** Of {@link ClosedCell}s under way. Flink makes it, by its name in an unaligned checkpoint. */
public final class ClosedCellSerializerSnapshot extends VersionedSerializerSnapshot<ClosedCell> {

  public ClosedCellSerializerSnapshot() {
    super(ClosedCellSerializer.INSTANCE);
  }
}
