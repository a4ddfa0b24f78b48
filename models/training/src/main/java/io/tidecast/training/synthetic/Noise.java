package io.tidecast.training.synthetic;

/** Draws what no forecaster can know, or only its last value tells: mean 0, deviation about 1. */
final class Noise {
  private static final int SETTLING_STEPS = 100;

  private Noise() {}

  /** One of white, autoregressive of first or second order, each possibly of changing scale. */
  static double[] draw(Draws draws, int length) {
    double[] values =
        switch (draws.weighted(0.4, 0.35, 0.13, 0.12)) {
          case 0 -> white(draws, length);
          case 1 -> firstOrder(draws, draws.logUniform(1, 40), length);
          case 2 -> secondOrder(draws, length);
          default -> heavyTailed(draws, length);
        };
    if (draws.chance(0.2)) {
      Seasonality.modulate(draws, values);
    }
    return values;
  }

  /** How large against a signal of deviation 1: from almost nothing to more than the signal. */
  static double scale(Draws draws) {
    return draws.chance(0.15) ? draws.logUniform(1e-4, 1e-2) : draws.logUniform(0.01, 1.2);
  }

  static double[] white(Draws draws, int length) {
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      values[t] = draws.gaussian();
    }
    return values;
  }

  static double[] heavyTailed(Draws draws, int length) {
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      values[t] = 0.6 * draws.heavyTailed();
    }
    return values;
  }

  /**
   * Stationary from its first value on.
   *
   * @param memory steps after which 1/e of a deviation is left
   */
  static double[] firstOrder(Draws draws, double memory, int length) {
    double kept = StrictMath.exp(-1 / memory);
    double shock = Math.sqrt(1 - kept * kept);
    double[] values = new double[length];
    double value = draws.gaussian();
    for (int t = 0; t < length; t++) {
      values[t] = value;
      value = kept * value + shock * draws.gaussian();
    }
    return values;
  }

  /** Second order with complex roots: cycles of no fixed length. */
  static double[] secondOrder(Draws draws, int length) {
    double radius = draws.uniform(0.6, 0.985);
    double angle = 2 * Math.PI / draws.logUniform(3, 60);
    double first = 2 * radius * StrictMath.cos(angle);
    double second = -radius * radius;
    double[] values = new double[length];
    double last = 0;
    double beforeLast = 0;
    for (int t = -SETTLING_STEPS; t < length; t++) {
      double value = first * last + second * beforeLast + draws.gaussian();
      beforeLast = last;
      last = value;
      if (t >= 0) {
        values[t] = value;
      }
    }
    return Values.standardise(values);
  }
}
