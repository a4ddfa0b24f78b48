package io.tidecast.flink.state;

import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint says of a {@link VersionedSerializer}: the versions that it wrote (how many, an
 * int, then each an int). Each element says its own again, so whatever the versions, elements that
 * were kept stay as they are until they are written anew. State of a later version is refused
 * before anything is read.
 */
abstract class VersionedSerializerSnapshot<T> implements TypeSerializerSnapshot<T> {

  private static final int VERSION = 1;

  private final VersionedSerializer<T> serializer;

  VersionedSerializerSnapshot(VersionedSerializer<T> serializer) {
    this.serializer = serializer;
  }

  @Override
  public final int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public final void writeSnapshot(DataOutputView out) throws IOException {
    int[] versions = serializer.versions();
    out.writeInt(versions.length);
    for (int version : versions) {
      out.writeInt(version);
    }
  }

  @Override
  public final void readSnapshot(int snapshotVersion, DataInputView in, ClassLoader classLoader)
      throws IOException {
    int[] known = serializer.versions();
    if (snapshotVersion != VERSION) {
      throw new IOException(
          "snapshot of a serializer must be of version %d: version=%d"
              .formatted(VERSION, snapshotVersion));
    }
    int count = in.readInt();
    if (count != known.length) {
      throw new IOException(
          "snapshot of a serializer must have %d versions: versions=%d"
              .formatted(known.length, count));
    }
    int[] written = new int[count];
    for (int i = 0; i < count; i++) {
      written[i] = in.readInt();
    }
    for (int i = 0; i < count; i++) {
      if (written[i] < 1 || written[i] > known[i]) {
        throw new IOException(
            "state must have been kept with versions up to %s, was kept with %s; go on with the version of Tidecast that kept it, or a later one"
                .formatted(Arrays.toString(known), Arrays.toString(written)));
      }
    }
  }

  @Override
  public final TypeSerializer<T> restoreSerializer() {
    return serializer;
  }

  @Override
  public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> kept) {
    return kept.getClass() == getClass()
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
