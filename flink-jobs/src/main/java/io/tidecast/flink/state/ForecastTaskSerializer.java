package io.tidecast.flink.state;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 2: which of the optional fields there are (a byte of {@code BASELINE}, {@code HORIZON},
 * {@code GROUP}, {@code BASES}), origin (long), filled cells (int), revision (int), series (text),
 * context (values), future covariates (values), horizon (int, if any), group (text, if any), bases
 * (doubles, if any). How texts and values are written is said in {@link StateBytes}. Version 1 had
 * no bases.
 */
final class ForecastTaskSerializer extends VersionedSerializer<ForecastTask> {

  static final int VERSION = 2;
  static final ForecastTaskSerializer INSTANCE = new ForecastTaskSerializer();

  private static final long serialVersionUID = 1L;

  private static final int BASELINE = 1;
  private static final int HORIZON = 2;
  private static final int GROUP = 4;
  private static final int FLAGS_1 = BASELINE | HORIZON | GROUP;
  private static final int BASES = 8;

  private ForecastTaskSerializer() {
    super("a forecast task", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(ForecastTask task, DataOutputView out) throws IOException {
    out.writeByte(
        (task.baseline() ? BASELINE : 0)
            | (task.horizon() == null ? 0 : HORIZON)
            | (task.group() == null ? 0 : GROUP)
            | (task.bases().length == 0 ? 0 : BASES));
    out.writeLong(task.originMillis());
    out.writeInt(task.filledCells());
    out.writeInt(task.revision());
    StateBytes.writeText(task.series(), out);
    StateBytes.writeValues(task.context(), out);
    StateBytes.writeValues(task.futureCovariates(), out);
    if (task.horizon() != null) {
      out.writeInt(task.horizon());
    }
    if (task.group() != null) {
      StateBytes.writeText(task.group(), out);
    }
    if (task.bases().length > 0) {
      StateBytes.writeDoubles(task.bases(), out);
    }
  }

  @Override
  ForecastTask read(int writtenAs, DataInputView in) throws IOException {
    int flags = in.readByte();
    int known = writtenAs == 1 ? FLAGS_1 : FLAGS_1 | BASES;
    if ((flags & ~known) != 0) {
      throw new IOException(
          "a forecast task must have no flags beyond %d: flags=%d".formatted(known, flags));
    }
    long originMillis = in.readLong();
    int filledCells = in.readInt();
    int revision = in.readInt();
    String series = StateBytes.readText("series", in);
    float[] context = StateBytes.readValues("context", in);
    float[] futureCovariates = StateBytes.readValues("future covariates", in);
    return new ForecastTask(
        series,
        originMillis,
        context,
        filledCells,
        revision,
        (flags & BASELINE) != 0,
        (flags & HORIZON) == 0 ? null : in.readInt(),
        (flags & GROUP) == 0 ? null : StateBytes.readText("group", in),
        futureCovariates,
        (flags & BASES) == 0 ? Window.NO_BASES : StateBytes.readDoubles("bases", in));
  }

  @Override
  public ForecastTask createInstance() {
    return new ForecastTask("", 0, new float[0], 0, 0);
  }

  @Override
  public TypeSerializerSnapshot<ForecastTask> snapshotConfiguration() {
    return new ForecastTaskSerializerSnapshot();
  }
}
