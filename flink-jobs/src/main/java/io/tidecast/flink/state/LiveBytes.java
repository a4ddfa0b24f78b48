package io.tidecast.flink.state;

import java.util.function.Function;

/**
 * State that changes with every record, and is kept as what it is as long as it is in memory: bytes
 * are made of it for a checkpoint, or by a backend that keeps bytes. It is changed in place. One
 * thread changes it; while none does, others may read it.
 */
public abstract class LiveBytes {

  /** What there is to keep of it, in bytes that say their version. Changes nothing. */
  public abstract byte[] bytes();

  /**
   * State that was kept, of which nothing is made yet.
   *
   * @param kept not copied
   */
  public static LiveBytes of(byte[] kept) {
    return new Kept(kept);
  }

  /**
   * What is live: this, or what is made of these bytes, which must be stored in their place then.
   *
   * @param type that it is of
   * @param read makes it of its bytes, where there are only those
   */
  public <T extends LiveBytes> T live(Class<T> type, Function<byte[], T> read) {
    return this instanceof Kept kept ? read.apply(kept.bytes) : type.cast(this);
  }

  /** Bytes that nothing has been made of yet. */
  private static final class Kept extends LiveBytes {

    private final byte[] bytes;

    Kept(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }
  }
}
