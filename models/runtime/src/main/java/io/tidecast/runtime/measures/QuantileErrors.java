package io.tidecast.runtime.measures;

import java.util.List;

/**
 * Adds up the pinball losses of quantile forecasts, counts what lay between the outermost ones, and
 * adds up how far those were apart. One thread.
 */
public final class QuantileErrors {

  /** The number of sums that {@link #addTo} adds to. */
  public static final int SUMS = 4;

  private final double[] levels;
  private double losses;
  private double weight;
  private double covered;
  private double widths;

  /** Makes sums for quantiles of these levels, which ascend. */
  public QuantileErrors(List<Double> levels) {
    this(levels.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * Makes sums for quantiles of these levels.
   *
   * @param levels ascending; not copied
   */
  public QuantileErrors(double[] levels) {
    this.levels = levels;
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
    if (levels.length > 0) {
      addInterval(quantiles[first], quantiles[first + levels.length - 1], actual);
    }
    weight++;
  }

  /** Adds the quantiles of one value, which are as exact as it is. */
  public void add(double[] quantiles, int first, double actual) {
    for (int i = 0; i < levels.length; i++) {
      losses += pinball(levels[i], quantiles[first + i], actual);
    }
    if (levels.length > 0) {
      addInterval(quantiles[first], quantiles[first + levels.length - 1], actual);
    }
    weight++;
  }

  private void addInterval(double lowest, double highest, double actual) {
    if (lowest <= actual && actual <= highest) {
      covered++;
    }
    widths += highest - lowest;
  }

  /**
   * The mean over the levels of twice the summed loss. By the sum of the absolute actual values it
   * is the mean weighted quantile loss, which stands for CRPS. NaN without levels.
   */
  public double weightedSum() {
    return 2 * losses / levels.length;
  }

  /** The mean pinball loss over values and levels; NaN without any. */
  public double meanPinball() {
    return losses / levels.length / weight;
  }

  /**
   * The mean of what CRPS is for these levels, in the unit of the values: twice the mean pinball
   * loss (Gneiting and Ranjan, 2011). The more levels and the more even, the nearer it is to CRPS.
   * NaN without any.
   */
  public double meanCrps() {
    return weightedSum() / weight;
  }

  /**
   * The share of the values that lay within the outermost quantiles; NaN with less than two levels.
   */
  public double coverage() {
    return levels.length < 2 ? Double.NaN : covered / weight;
  }

  /** The mean distance of the outermost quantiles; NaN with less than two levels. */
  public double meanWidth() {
    return levels.length < 2 ? Double.NaN : widths / weight;
  }

  /** Adds sums that were kept. Those that were multiplied since count for so much. */
  public void addSums(double[] sums, int at) {
    weight += sums[at];
    losses += sums[at + 1];
    covered += sums[at + 2];
    widths += sums[at + 3];
  }

  /** Forgets everything. */
  public void clear() {
    weight = 0;
    losses = 0;
    covered = 0;
    widths = 0;
  }

  /** Adds to sums that are kept, the number of values first. */
  public void addTo(double[] sums, int at) {
    sums[at] += weight;
    sums[at + 1] += losses;
    sums[at + 2] += covered;
    sums[at + 3] += widths;
  }
}
