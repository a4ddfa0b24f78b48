package io.tidecast.flink.state;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 3: which of the optional fields there are (a byte of {@code BASELINE}, {@code HORIZON},
 * {@code GROUP}, {@code BASES}, {@code PASSED}), origin (long), filled cells (int), revision (int),
 * series (text), context (values), future covariates (values), horizon (int, if any), group (text,
 * if any), bases (doubles, if any), headers that are passed on (bytes, if any). How texts, values
 * and bytes are written is said in {@link StateBytes}. Version 2 had no headers, version 1 no bases
 * either.
 */
final class ForecastTaskSerializer extends VersionedSerializer<ForecastTask> {

  static final int VERSION = 3;
  static final ForecastTaskSerializer INSTANCE = new ForecastTaskSerializer();

  private static final long serialVersionUID = 1L;

  private static final int BASELINE = 1;
  private static final int HORIZON = 2;
  private static final int GROUP = 4;
  private static final int FLAGS_1 = BASELINE | HORIZON | GROUP;
  private static final int BASES = 8;
  private static final int FLAGS_2 = FLAGS_1 | BASES;
  private static final int PASSED = 16;

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
            | (task.bases().length == 0 ? 0 : BASES)
            | (task.passed() == null ? 0 : PASSED));
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
    if (task.passed() != null) {
      StateBytes.writeBytes(task.passed(), out);
    }
  }

  @Override
  ForecastTask read(int writtenAs, DataInputView in) throws IOException {
    int flags = in.readByte();
    int known =
        switch (writtenAs) {
          case 1 -> FLAGS_1;
          case 2 -> FLAGS_2;
          default -> FLAGS_2 | PASSED;
        };
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
        (flags & BASES) == 0 ? Window.NO_BASES : StateBytes.readDoubles("bases", in),
        (flags & PASSED) == 0 ? null : StateBytes.readBytes("headers", in));
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
