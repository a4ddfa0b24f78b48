package io.tidecast.runtime.measures;

/** Quantiles of numbers that were seen. */
public final class SampleQuantile {

  private SampleQuantile() {}

  /**
   * The number that a next one lies below with a probability, if it is one of the same kind;
   * interpolated between two of them, and the first or the last where there are too few to tell.
   *
   * @param sorted ascending, one or more
   * @param level within 0..1
   */
  public static double of(double[] sorted, double level) {
    double at = level * (sorted.length + 1) - 1;
    int below = (int) Math.floor(at);
    if (below < 0) {
      return sorted[0];
    }
    if (below >= sorted.length - 1) {
      return sorted[sorted.length - 1];
    }
    double share = at - below;
    return (1 - share) * sorted[below] + share * sorted[below + 1];
  }
}
