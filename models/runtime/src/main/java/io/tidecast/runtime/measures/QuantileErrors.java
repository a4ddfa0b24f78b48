package io.tidecast.runtime.measures;

import java.util.List;

/**
 * Adds up the pinball losses of quantile forecasts, and counts what lay between the outermost ones.
 * One thread.
 */
public final class QuantileErrors {
  private final double[] levels;
  private double losses;
  private long count;
  private long covered;

  /** Makes sums for quantiles of these levels, which ascend. */
  public QuantileErrors(List<Double> levels) {
    this.levels = levels.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * The loss of one quantile: an error weighs as much as its level says, or the rest of one.
   *
   * @param level of the quantile, between 0 and 1
   */
  public static double pinball(double level, double quantile, double actual) {
    double error = actual - quantile;
    return Math.max(level * error, (level - 1) * error);
  }

  /**
   * Adds the quantiles of one value.
   *
   * @param quantiles holds one value per level, ascending
   * @param first index of the lowest one
   * @param actual what happened
   */
  public void add(float[] quantiles, int first, double actual) {
    for (int i = 0; i < levels.length; i++) {
      losses += pinball(levels[i], quantiles[first + i], actual);
    }
    if (levels.length > 0
        && quantiles[first] <= actual
        && actual <= quantiles[first + levels.length - 1]) {
      covered++;
    }
    count++;
  }

  /**
   * The mean over the levels of twice the summed loss. By the sum of the absolute actual values it
   * is the mean weighted quantile loss, which stands for CRPS. NaN without levels.
   */
  public double weightedSum() {
    return 2 * losses / levels.length;
  }

  /**
   * The share of the values that lay within the outermost quantiles; NaN with less than two levels.
   */
  public double coverage() {
    return levels.length < 2 ? Double.NaN : (double) covered / count;
  }
}
