package io.tidecast.training.synthetic;

/** Sums of cosines over the steps of a series, and what is made of them. */
final class Waves {
  private static final int FEATURES = 20;

  private Waves() {}

  /** Adds {@code amplitude * cos(radiansPerStep * t + phase)}, by rotation instead of cosines. */
  static void add(double[] values, double amplitude, double radiansPerStep, double phase) {
    double cosine = amplitude * StrictMath.cos(phase);
    double sine = amplitude * StrictMath.sin(phase);
    double turnCosine = StrictMath.cos(radiansPerStep);
    double turnSine = StrictMath.sin(radiansPerStep);
    for (int t = 0; t < values.length; t++) {
      values[t] += cosine;
      double next = cosine * turnCosine - sine * turnSine;
      sine = sine * turnCosine + cosine * turnSine;
      cosine = next;
    }
  }

  /**
   * A draw of a Gaussian process with a squared-exponential kernel, by random Fourier features
   * (Rahimi and Recht, 2007).
   *
   * @param scale correlation length, steps
   */
  static double[] smooth(Draws draws, double scale, int length) {
    double[] values = new double[length];
    for (int i = 0; i < FEATURES; i++) {
      addFeature(draws, values, draws.gaussian() / scale);
    }
    return values;
  }

  /** As {@link #smooth}, with a heavy-tailed spectrum: rough in detail. */
  static double[] rough(Draws draws, double scale, int length) {
    double[] values = new double[length];
    for (int i = 0; i < FEATURES; i++) {
      addFeature(draws, values, draws.heavyTailed() / scale);
    }
    return values;
  }

  /**
   * A draw of a Gaussian process whose kernel is periodic times squared-exponential: its spectrum
   * is the lines of the period, each as wide as the envelope is short.
   *
   * @param period steps
   * @param scale correlation length of the envelope, steps
   */
  static double[] locallyPeriodic(Draws draws, double period, double scale, int length) {
    double[] values = new double[length];
    double continuation = draws.uniform(0.2, 0.7);
    for (int i = 0; i < FEATURES; i++) {
      int harmonic = 1;
      while (draws.chance(continuation) && 2 * (harmonic + 1) <= period) {
        harmonic++;
      }
      addFeature(draws, values, 2 * Math.PI * harmonic / period + draws.gaussian() / scale);
    }
    return values;
  }

  private static void addFeature(Draws draws, double[] values, double radiansPerStep) {
    add(values, Math.sqrt(2.0 / FEATURES), radiansPerStep, draws.uniform(0, 2 * Math.PI));
  }
}
