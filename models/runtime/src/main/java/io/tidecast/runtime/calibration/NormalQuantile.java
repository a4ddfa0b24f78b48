package io.tidecast.runtime.calibration;

/** Quantiles of the standard normal distribution, which errors are taken for at first. */
final class NormalQuantile {
  private static final int HALVINGS = 60;
  private static final double WIDEST = 9;
  private static final int TERMS = 60;

  private NormalQuantile() {}

  /**
   * Returns the value below which that share of the draws lie.
   *
   * @param level within (0, 1)
   */
  static double of(double level) {
    if (level == 0.5) {
      return 0;
    }
    if (level > 0.5) {
      return -of(1 - level);
    }
    double low = -WIDEST;
    double high = 0;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (below(middle) < level) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The share of draws below a value of 0 or less: one half less Simpson's rule up to 0. */
  private static double below(double value) {
    double width = -value / (2 * TERMS);
    double sum = density(value) + density(0);
    for (int i = 1; i < 2 * TERMS; i++) {
      sum += (i % 2 == 0 ? 2 : 4) * density(value + i * width);
    }
    return 0.5 - sum * width / 3;
  }

  private static double density(double value) {
    return Math.exp(-value * value / 2) / Math.sqrt(2 * Math.PI);
  }
}
