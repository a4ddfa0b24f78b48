package io.tidecast.architectures;

/** Building blocks that several architectures share. */
final class Blocks {
  /** What PyTorch adds to a variance in its norms. */
  static final double NORM_EPSILON = 1e-5;

  private Blocks() {}

  /** A linear layer under {@code name.weight}, {@code name.bias}. */
  static <T> T linear(Ops<T> ops, T x, String name, long inputs, long outputs) {
    Init init = Init.ofLinear(inputs);
    return ops.linear(
        x,
        ops.parameter(name + ".weight", init, outputs, inputs),
        ops.parameter(name + ".bias", init, outputs));
  }

  /** A layer norm under {@code name.weight}, {@code name.bias}. */
  static <T> T layerNorm(Ops<T> ops, T x, String name, long features) {
    return ops.layerNorm(
        x,
        ops.parameter(name + ".weight", Init.ONES, features),
        ops.parameter(name + ".bias", Init.ZEROS, features),
        NORM_EPSILON);
  }

  /**
   * Overlapping windows of the last axis, which may reach beyond either end and then repeat the
   * outermost value.
   *
   * @param length of the last axis
   * @param first where the first window begins; negative reaches before the start
   * @return the last axis replaced by {@code [count, size]}
   */
  static <T> T windows(
      Ops<T> ops, T x, int axis, int length, int first, int count, int size, int stride) {
    long[] indices = new long[count * size];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < size; j++) {
        indices[i * size + j] = Math.max(0, Math.min(length - 1, first + i * stride + j));
      }
    }
    return ops.gather(x, axis, indices, count, size);
  }

  /**
   * Moving average over the time of {@code [batch, channel, time]}, the ends padded by repetition
   * so that the length stays.
   *
   * @param kernel odd number of steps averaged
   */
  static <T> T movingAverage(Ops<T> ops, T x, int channels, int length, int kernel) {
    T windows = windows(ops, x, 2, length, -(kernel - 1) / 2, length, kernel, 1);
    T means = ops.mean(ops.reshape(windows, -1, length, kernel));
    return ops.reshape(means, -1, channels, length);
  }
}
