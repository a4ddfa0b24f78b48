package io.tidecast.flink.state;

import io.tidecast.flink.record.WaitingTask;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Version 1: the deadline (long), then the task as {@link ForecastTaskSerializer} writes it. */
final class WaitingTaskSerializer extends VersionedSerializer<WaitingTask> {

  static final WaitingTaskSerializer INSTANCE = new WaitingTaskSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private WaitingTaskSerializer() {
    super("a waiting task", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION, ForecastTaskSerializer.VERSION};
  }

  @Override
  void write(WaitingTask waiting, DataOutputView out) throws IOException {
    out.writeLong(waiting.deadlineMillis());
    ForecastTaskSerializer.INSTANCE.serialize(waiting.request(), out);
  }

  @Override
  WaitingTask read(int writtenAs, DataInputView in) throws IOException {
    long deadlineMillis = in.readLong();
    return new WaitingTask(ForecastTaskSerializer.INSTANCE.deserialize(in), deadlineMillis);
  }

  @Override
  public WaitingTask createInstance() {
    return new WaitingTask(ForecastTaskSerializer.INSTANCE.createInstance(), 0);
  }

  @Override
  public TypeSerializerSnapshot<WaitingTask> snapshotConfiguration() {
    return new WaitingTaskSerializerSnapshot();
  }
}
