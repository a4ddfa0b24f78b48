package io.tidecast.architectures;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A dense tensor in memory, row-major. It holds either floats or integers.
 *
 * @param shape lengths of the axes; empty for a scalar; not copied
 * @param floats elements of an F32 tensor, else null; not copied
 * @param longs elements of an I64 tensor, else null; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record Tensor(long[] shape, float @Nullable [] floats, long @Nullable [] longs) {

  /** Checks that there are as many elements as the shape says. */
  public Tensor {
    if ((floats == null) == (longs == null)) {
      throw new IllegalArgumentException("exactly one of floats and longs must be set");
    }
    long found = floats == null ? requireNonNull(longs).length : floats.length;
    if (found != elements(shape)) {
      throw new IllegalArgumentException(
          "elements must fill the shape: shape="
              + Arrays.toString(shape)
              + " wants "
              + elements(shape)
              + ", found "
              + found);
    }
  }

  /** Makes a tensor of 32-bit floats. */
  public static Tensor of(float[] values, long... shape) {
    return new Tensor(shape, values, null);
  }

  /** Makes a tensor of 64-bit integers. */
  public static Tensor of(long[] values, long... shape) {
    return new Tensor(shape, null, values);
  }

  /**
   * How many elements a shape holds; 1 for a scalar.
   *
   * @throws IllegalArgumentException if a length is negative or the product overflows
   */
  public static long elements(long... shape) {
    long n = 1;
    for (long length : shape) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "lengths must not be negative: shape=" + Arrays.toString(shape));
      }
      try {
        n = Math.multiplyExact(n, length);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("shape is too large: " + Arrays.toString(shape), e);
      }
    }
    return n;
  }

  /**
   * Returns the elements of an F32 tensor, not copied.
   *
   * @throws IllegalStateException if the tensor is I64
   */
  @Override
  public float[] floats() {
    if (floats == null) {
      throw new IllegalStateException("tensor must be F32, found " + describe());
    }
    return floats;
  }

  /**
   * Returns the elements of an I64 tensor, not copied.
   *
   * @throws IllegalStateException if the tensor is F32
   */
  @Override
  public long[] longs() {
    if (longs == null) {
      throw new IllegalStateException("tensor must be I64, found " + describe());
    }
    return longs;
  }

  /** Whether the elements are F32. */
  public boolean isFloat() {
    return floats != null;
  }

  /** Says type and shape, for messages. */
  public String describe() {
    return (isFloat() ? "F32 " : "I64 ") + Arrays.toString(shape);
  }
}
