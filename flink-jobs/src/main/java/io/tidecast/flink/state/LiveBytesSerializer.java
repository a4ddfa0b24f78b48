package io.tidecast.flink.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Version 1: the bytes, as {@link StateBytes} writes them; they say their own version. A copy is of
 * the bytes, for the heap's backend copies what a checkpoint under way still needs.
 */
final class LiveBytesSerializer extends VersionedSerializer<LiveBytes> {

  static final LiveBytesSerializer INSTANCE = new LiveBytesSerializer();

  private static final long serialVersionUID = 1L;
  private static final int VERSION = 1;

  private LiveBytesSerializer() {
    super("a state of bytes", VERSION);
  }

  @Override
  int[] versions() {
    return new int[] {VERSION};
  }

  @Override
  void write(LiveBytes state, DataOutputView out) throws IOException {
    StateBytes.writeBytes(state.bytes(), out);
  }

  @Override
  LiveBytes read(int writtenAs, DataInputView in) throws IOException {
    return LiveBytes.of(StateBytes.readBytes("bytes", in));
  }

  @Override
  public LiveBytes copy(LiveBytes from) {
    return LiveBytes.of(from.bytes());
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public LiveBytes createInstance() {
    return LiveBytes.of(new byte[0]);
  }

  @Override
  public TypeSerializerSnapshot<LiveBytes> snapshotConfiguration() {
    return new LiveBytesSerializerSnapshot();
  }
}
