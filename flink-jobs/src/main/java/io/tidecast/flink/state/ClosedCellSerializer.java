package io.tidecast.flink.state;

import io.tidecast.flink.record.ClosedCell;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: a byte of {@code CORRECTION} and {@code DOUBLES}, series (short text), time (long),
 * values (floats, or doubles where floats would not say them). {@link StateBytes} says how these
 * are written.
 */
final class ClosedCellSerializer extends VersionedSerializer<ClosedCell> {

  static final ClosedCellSerializer INSTANCE = new ClosedCellSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;
  private static final int CORRECTION = 1;
  private static final int DOUBLES = 2;

  private ClosedCellSerializer() {
    super("a closed cell", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(ClosedCell cell, DataOutputView out) throws IOException {
    boolean doubles = !Floats.hold(cell.values());
    out.writeByte((cell.correction() ? CORRECTION : 0) | (doubles ? DOUBLES : 0));
    StateBytes.writeShortText(cell.series(), out);
    out.writeLong(cell.timeMillis());
    if (doubles) {
      StateBytes.writeDoubles(cell.values(), out);
    } else {
      StateBytes.writeValues(Floats.of(cell.values()), out);
    }
  }

  @Override
  ClosedCell read(int writtenAs, DataInputView in) throws IOException {
    int flags = in.readByte();
    if ((flags & ~(CORRECTION | DOUBLES)) != 0) {
      throw new IOException(
          "a closed cell must have no flags beyond %d: flags=%d"
              .formatted(CORRECTION | DOUBLES, flags));
    }
    return new ClosedCell(
        StateBytes.readShortText("series", in),
        in.readLong(),
        (flags & DOUBLES) == 0
            ? Floats.wide(StateBytes.readValues("values", in))
            : StateBytes.readDoubles("values", in),
        (flags & CORRECTION) != 0);
  }

  @Override
  public ClosedCell createInstance() {
    return new ClosedCell("", 0, new double[0], false);
  }

  @Override
  public TypeSerializerSnapshot<ClosedCell> snapshotConfiguration() {
    return new ClosedCellSerializerSnapshot();
  }
}
