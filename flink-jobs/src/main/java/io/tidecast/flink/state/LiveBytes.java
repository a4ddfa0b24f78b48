package io.tidecast.flink.state;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * State that changes with every record, and is kept as what it is as long as it is in memory: bytes
 * are made of it for a checkpoint, or by a backend that keeps bytes. It is changed in place, and
 * must be stored again then. One thread changes it; while none does, others may read it.
 */
public final class LiveBytes {

  /** What bytes can be made of. */
  public interface Live {

    /** What there is to keep of it, in bytes that say their version. Changes nothing. */
    byte[] bytes();
  }

  private final byte @Nullable [] kept;
  private @Nullable Live live;

  private LiveBytes(byte @Nullable [] kept, @Nullable Live live) {
    this.kept = kept;
    this.live = live;
  }

  /** Keeps what is live. */
  public static LiveBytes of(Live live) {
    return new LiveBytes(null, live);
  }

  static LiveBytes of(byte[] kept) {
    return new LiveBytes(kept, null);
  }

  /**
   * What is live.
   *
   * @param type that it is of
   * @param read makes it of its bytes, where there are only those
   */
  public <T extends Live> T live(Class<T> type, Function<byte[], T> read) {
    if (live == null) {
      live = read.apply(requireNonNull(kept, "kept is null"));
    }
    return type.cast(live);
  }

  byte[] bytes() {
    return live == null ? requireNonNull(kept, "kept is null") : live.bytes();
  }
}
