package io.tidecast.runtime.calibration;

/**
 * Adaptive conformal inference in its plain form (Gibbs and Candès, 2021): a threshold goes up
 * after a miss and down after a hit, so that misses come as often as they are meant to, whatever
 * happens.
 *
 * <p>Where an interval holds all scores up to the threshold, and scores and the first threshold are
 * within 0 and D, the share of misses among T outcomes is off by at most {@code (D + step) / (step
 * · T)} (Susmann, Chambaz and Josse, 2024, Computo).
 */
public final class AdaptiveConformal {

  private AdaptiveConformal() {}

  /**
   * Returns the threshold after an outcome.
   *
   * @param step how fast it moves, in units of the threshold
   * @param missed whether the outcome lay outside
   * @param miscoverage the share of outcomes that are meant to lie outside
   */
  public static double next(double threshold, double step, boolean missed, double miscoverage) {
    return threshold + step * ((missed ? 1 : 0) - miscoverage);
  }
}
