package io.tidecast.architectures.layers;

import io.tidecast.architectures.Init;
import io.tidecast.architectures.Ops;

/**
 * Reversible instance normalisation (Kim et al., 2022): each window and channel is centred and
 * scaled on the way in, and the forecast is moved back on the way out.
 *
 * @param prefix of {@code revin_layer.affine_weight} and {@code revin_layer.affine_bias}
 * @param affine whether a learned scale and shift per channel follow
 * @param subtractLast centre on the newest value instead of the mean
 */
public record RevIn(String prefix, int channels, int length, boolean affine, boolean subtractLast) {
  private static final double AFFINE_EPSILON = 1e-10;

  /** Statistics of the windows, {@code [batch, channel, 1]} each. */
  public record Statistics<T>(T centre, T deviation) {}

  /**
   * Takes them of {@code x [batch, channel, time]}. The deviation is the population's, about the
   * mean.
   */
  public <T> Statistics<T> statistics(Ops<T> ops, T x) {
    T mean = ops.mean(x);
    T centred = ops.sub(x, mean);
    T variance = ops.mean(ops.mul(centred, centred));
    T deviation = ops.sqrt(ops.add(variance, ops.constant(Blocks.NORM_EPSILON)));
    T centre = subtractLast ? ops.gather(x, 2, new long[] {length - 1}, 1) : mean;
    return new Statistics<>(centre, deviation);
  }

  /** Normalises {@code [batch, channel, time]}. */
  public <T> T normalise(Ops<T> ops, T x, Statistics<T> statistics) {
    T z = ops.div(ops.sub(x, statistics.centre()), statistics.deviation());
    return affine ? ops.add(ops.mul(z, weight(ops)), bias(ops)) : z;
  }

  /** Brings normalised {@code [batch, channel, horizon]} back to the units of the window. */
  public <T> T denormalise(Ops<T> ops, T z, Statistics<T> statistics) {
    T y = z;
    if (affine) {
      T divisor = ops.add(weight(ops), ops.constant(AFFINE_EPSILON));
      y = ops.div(ops.sub(y, bias(ops)), divisor);
    }
    return ops.add(ops.mul(y, statistics.deviation()), statistics.centre());
  }

  private <T> T weight(Ops<T> ops) {
    return perChannel(ops, "revin_layer.affine_weight", Init.ONES);
  }

  private <T> T bias(Ops<T> ops) {
    return perChannel(ops, "revin_layer.affine_bias", Init.ZEROS);
  }

  private <T> T perChannel(Ops<T> ops, String name, Init init) {
    return ops.reshape(ops.parameter(prefix + name, init, channels), channels, 1);
  }
}
