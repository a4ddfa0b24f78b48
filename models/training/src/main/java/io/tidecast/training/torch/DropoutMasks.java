package io.tidecast.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;

/**
 * Draws dropout masks, four elements from each 64 random bits (SplitMix64; Steele et al., 2014).
 * Torch draws its own from a serial generator on the CPU, which took more than half of a PatchTST
 * step. One thread.
 */
public final class DropoutMasks {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int LANES = 4;
  private static final int LANE_BITS = 16;

  private long state;
  private ByteBuffer kept = ByteBuffer.allocateDirect(0);

  public DropoutMasks(long seed) {
    this.state = seed;
  }

  /** Zero with the given probability, else what keeps the mean: {@code 1 / (1 - probability)}. */
  NDArray next(NDManager manager, Shape shape, double probability) {
    int size = Math.toIntExact(shape.size());
    int padded = Math.multiplyExact((size + LANES - 1) / LANES, LANES);
    if (kept.capacity() < padded) {
      kept = manager.allocateDirect(padded);
    }
    int threshold = (int) Math.round(probability * (1 << LANE_BITS));
    for (int i = 0; i < padded; i += LANES) {
      long bits = nextBits();
      int lanes = 0;
      for (int lane = 0; lane < LANES; lane++) {
        int drawn = (int) (bits >>> lane * LANE_BITS) & 0xFFFF;
        // The sign of the difference: 1 where the element is kept.
        lanes |= (threshold - 1 - drawn >>> 31) << lane * Byte.SIZE;
      }
      kept.putInt(i, lanes);
    }
    // The array lives on this buffer; the conversion to floats copies, so the buffer is free again.
    try (NDArray bytes = manager.create(kept.slice(0, size), shape, DataType.INT8)) {
      return bytes.toType(DataType.FLOAT32, true).muli(1 / (1 - probability));
    }
  }

  private long nextBits() {
    state += GOLDEN_GAMMA;
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
