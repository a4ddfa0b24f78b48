package io.tidecast.architectures.layers;

import io.tidecast.architectures.Ops;
import java.util.List;

/** Takes the quantiles of drawn paths, inside the graph. */
public final class Quantiles {

  private Quantiles() {}

  /**
   * Of every step by itself, the two nearest paths interpolated linearly.
   *
   * @param samples {@code [batch, sample, step]}
   * @param count of samples
   * @param levels within (0, 1)
   * @return {@code [batch, step, level]}
   */
  public static <T> T of(Ops<T> ops, T samples, int count, List<Double> levels) {
    T sorted = ops.sort(ops.permute(samples, 0, 2, 1), count);
    float[] shares = new float[count * levels.size()];
    for (int i = 0; i < levels.size(); i++) {
      double place = levels.get(i) * (count - 1);
      int below = (int) place;
      double part = place - below;
      shares[below * levels.size() + i] += (float) (1 - part);
      if (part > 0) {
        shares[(below + 1) * levels.size() + i] += (float) part;
      }
    }
    return ops.matmul(sorted, ops.constant(shares, count, levels.size()));
  }
}
