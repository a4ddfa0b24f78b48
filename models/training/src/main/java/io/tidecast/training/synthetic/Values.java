package io.tidecast.training.synthetic;

/** Arithmetic on the values of one series. */
public final class Values {
  private Values() {}

  static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** The standard deviation, of the population. */
  static double deviation(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / values.length);
  }

  /**
   * Brings values in place to mean 0 and deviation 1; a constant becomes zeros. Returns its
   * argument.
   */
  public static double[] standardise(double[] values) {
    double mean = mean(values);
    double deviation = deviation(values);
    for (int i = 0; i < values.length; i++) {
      values[i] = deviation == 0 ? 0 : (values[i] - mean) / deviation;
    }
    return values;
  }

  /** Adds a multiple of another series of the same length. Returns its first argument. */
  public static double[] add(double[] values, double factor, double[] other) {
    for (int i = 0; i < values.length; i++) {
      values[i] += factor * other[i];
    }
    return values;
  }

  /**
   * In place, by a first-order lag, as temperatures follow a load.
   *
   * @param memory steps after which 1/e of a deviation is left
   */
  static void smooth(double[] values, double memory) {
    double kept = StrictMath.exp(-1 / memory);
    for (int t = 1; t < values.length; t++) {
      values[t] = kept * values[t - 1] + (1 - kept) * values[t];
    }
  }

  /** Whether all are finite and no value is repeated over more than half of them. */
  public static boolean isUsable(float[] values) {
    int run = 0;
    for (int t = 0; t < values.length; t++) {
      run = t > 0 && values[t] == values[t - 1] ? run + 1 : 1;
      if (!Float.isFinite(values[t]) || run > values.length / 2) {
        return false;
      }
    }
    return true;
  }
}
