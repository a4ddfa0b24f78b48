package io.tidecast.training.synthetic;

/** What happens to real series besides their process. Each changes values in place. */
final class Incidents {
  private Incidents() {}

  /** Lets a random few happen, most often none. */
  static void strike(Draws draws, double[] values) {
    double deviation = Values.deviation(values);
    if (draws.chance(0.14)) {
      shiftLevels(draws, values, deviation);
    }
    if (draws.chance(0.14)) {
      addOutliers(draws, values, deviation);
    }
    if (draws.chance(0.04)) {
      stick(draws, values);
    }
    if (draws.chance(0.06)) {
      clip(draws, values, deviation);
    }
    if (draws.chance(0.1)) {
      quantise(values, deviation * draws.logUniform(0.01, 0.4));
    }
  }

  /** One to three shifts, each for ever or for a while. */
  private static void shiftLevels(Draws draws, double[] values, double deviation) {
    int shifts = draws.integer(1, 3);
    for (int i = 0; i < shifts; i++) {
      int begin = draws.integer(0, values.length - 1);
      int end = draws.chance(0.6) ? values.length : draws.integer(begin, values.length);
      double shift = deviation * draws.uniform(0.5, 3) * (draws.chance(0.5) ? -1 : 1);
      for (int t = begin; t < end; t++) {
        values[t] += shift;
      }
    }
  }

  /** Puts single wrong values in. */
  private static void addOutliers(Draws draws, double[] values, double deviation) {
    double rate = draws.logUniform(1e-3, 1e-2);
    for (int t = 0; t < values.length; t++) {
      if (draws.chance(rate)) {
        values[t] += deviation * draws.uniform(2, 8) * (draws.chance(0.5) ? -1 : 1);
      }
    }
  }

  /**
   * Jumps that decay over some steps, as prices and latencies make.
   *
   * @param rate expected jumps per step
   * @param height mean of their heights
   * @param upwards share of jumps that go up
   */
  static void addSpikes(Draws draws, double[] values, double rate, double height, double upwards) {
    double kept = draws.uniform(0.1, 0.85);
    double left = 0;
    for (int t = 0; t < values.length; t++) {
      left *= kept;
      if (draws.chance(rate)) {
        left += height * draws.exponential() * (draws.chance(upwards) ? 1 : -1);
      }
      values[t] += left;
    }
  }

  /** A sensor that repeats its last value for up to a twentieth of the series. */
  private static void stick(Draws draws, double[] values) {
    int begin = draws.integer(0, values.length - 1);
    int end = Math.min(values.length, begin + draws.integer(2, 2 + values.length / 20));
    for (int t = begin + 1; t < end; t++) {
      values[t] = values[begin];
    }
  }

  /** Cuts the values at a floor or a ceiling. */
  private static void clip(Draws draws, double[] values, double deviation) {
    double distance = deviation * draws.uniform(0.6, 1.8);
    boolean floor = draws.chance(0.5);
    double bound = Values.mean(values) + (floor ? -distance : distance);
    for (int t = 0; t < values.length; t++) {
      values[t] = floor ? Math.max(values[t], bound) : Math.min(values[t], bound);
    }
  }

  private static void quantise(double[] values, double step) {
    for (int t = 0; t < values.length; t++) {
      values[t] = step * Math.rint(values[t] / step);
    }
  }
}
