package io.tidecast.runtime.measures;

import java.util.Arrays;

/** The continuous ranked probability score of forecasts that are samples. */
public final class SampleCrps {

  private SampleCrps() {}

  /**
   * The score of the distribution in which each sample is as likely as another: the mean distance
   * of the samples from what happened, less half the mean distance of two of them (Gneiting and
   * Raftery, 2007). Of one sample it is the absolute error.
   *
   * @param samples in any order, at least one; left as they are
   * @param actual what happened
   */
  public static double of(double[] samples, double actual) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("must be at least 1: samples=0");
    }
    double[] ascending = samples.clone();
    Arrays.sort(ascending);
    int count = ascending.length;
    double fromActual = 0;
    double apart = 0;
    for (int i = 0; i < count; i++) {
      fromActual += Math.abs(ascending[i] - actual);
      // Of all pairs, this one is the greater i times and the smaller one count - 1 - i times.
      apart += (2.0 * i + 1 - count) * ascending[i];
    }
    return fromActual / count - apart / count / count;
  }
}
