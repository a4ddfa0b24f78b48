package io.tidecast.flink.state;

/** Of {@link LiveBytes}. Flink makes it, by its name in a savepoint. */
public final class LiveBytesSerializerSnapshot extends VersionedSerializerSnapshot<LiveBytes> {

  public LiveBytesSerializerSnapshot() {
    super(LiveBytesSerializer.INSTANCE);
  }
}
