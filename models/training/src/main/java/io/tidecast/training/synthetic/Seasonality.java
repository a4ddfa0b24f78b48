package io.tidecast.training.synthetic;

/** Draws what repeats: the shape of one period, and that shape over the steps of a series. */
final class Seasonality {
  private static final int FINEST_PROFILE = 1024;
  private static final int LONGEST_FREE_PROFILE = 12;

  private Seasonality() {}

  /**
   * A seasonal component of mean about 0 and deviation about 1. It may wax and wane or turn slowly
   * into another shape, as seasons of consumption do.
   *
   * @param period steps, not necessarily whole
   */
  static double[] draw(Draws draws, double period, int length) {
    double offset = draws.uniform(0, period);
    double[] values = repeat(profile(draws, period), period, offset, length);
    if (draws.chance(0.12)) {
      double[] later = repeat(profile(draws, period), period, offset, length);
      for (int t = 0; t < length; t++) {
        double share = (double) t / length;
        values[t] = (1 - share) * values[t] + share * later[t];
      }
    }
    if (draws.chance(0.3)) {
      modulate(draws, values);
    }
    return values;
  }

  /** Multiplies by a slowly changing positive amplitude. */
  static void modulate(Draws draws, double[] values) {
    double depth = draws.uniform(0.1, 0.6);
    double[] slow = Waves.smooth(draws, values.length * draws.uniform(0.1, 0.6), values.length);
    for (int t = 0; t < values.length; t++) {
      values[t] *= StrictMath.exp(depth * slow[t]);
    }
  }

  /**
   * One period of a random shape, mean 0 and deviation 1.
   *
   * @param period steps; the profile has as many points up to 1,024
   */
  static double[] profile(Draws draws, double period) {
    int points = (int) Math.min(FINEST_PROFILE, Math.ceil(period));
    double[] profile =
        switch (draws.weighted(0.45, 0.15, 0.22, 0.06, points <= LONGEST_FREE_PROFILE ? 0.2 : 0)) {
          case 0 -> harmonics(draws, points);
          case 1 -> rectangle(draws, points);
          case 2 -> peaks(draws, points);
          case 3 -> sawtooth(draws, points);
          default -> free(draws, points);
        };
    return Values.standardise(profile);
  }

  /**
   * A profile over the steps of a series.
   *
   * @param profile one period, any number of points
   * @param offset steps into the period of the first value
   */
  static double[] repeat(double[] profile, double period, double offset, int length) {
    double[] values = new double[length];
    int points = profile.length;
    // On whole periods every step is a point of the profile: edges stay as sharp as they are.
    double start = period == points ? Math.floor(offset) : offset / period * points;
    double stride = points / period;
    double position = start % points;
    for (int t = 0; t < length; t++) {
      int left = (int) position;
      double share = position - left;
      double right = profile[left + 1 == points ? 0 : left + 1];
      values[t] = profile[left] + share * (right - profile[left]);
      position += stride;
      while (position >= points) {
        position -= points;
      }
    }
    return values;
  }

  private static double[] harmonics(Draws draws, int points) {
    double[] profile = new double[points];
    int count = draws.integer(1, Math.max(1, Math.min(5, points / 2)));
    double fall = draws.uniform(0.3, 2);
    for (int k = 1; k <= count; k++) {
      double amplitude = (0.2 + draws.exponential()) / StrictMath.pow(k, fall);
      Waves.add(profile, amplitude, 2 * Math.PI * k / points, draws.uniform(0, 2 * Math.PI));
    }
    return profile;
  }

  /** On for a part of the period, with edges of a random width. */
  private static double[] rectangle(Draws draws, int points) {
    double[] profile = new double[points];
    double width = draws.uniform(0.15, 0.6);
    double edge = Math.max(1e-9, draws.chance(0.5) ? 0 : draws.uniform(0.01, 0.12));
    double start = draws.uniform();
    for (int i = 0; i < points; i++) {
      double phase = fraction((double) i / points - start);
      double inside = Math.min(phase, width - phase);
      profile[i] = Math.max(0, Math.min(1, 0.5 + inside / edge));
    }
    return profile;
  }

  /** One to three bumps, most of them upwards. */
  private static double[] peaks(Draws draws, int points) {
    double[] profile = new double[points];
    int count = draws.integer(1, 3);
    for (int peak = 0; peak < count; peak++) {
      double centre = draws.uniform();
      double width = Math.max(0.6 / points, draws.logUniform(0.015, 0.15));
      double height = draws.uniform(0.3, 1) * (draws.chance(0.15) ? -1 : 1);
      for (int i = 0; i < points; i++) {
        double distance = (fraction((double) i / points - centre + 0.5) - 0.5) / width;
        profile[i] += height * StrictMath.exp(-0.5 * distance * distance);
      }
    }
    return profile;
  }

  private static double[] sawtooth(Draws draws, int points) {
    double[] profile = new double[points];
    double rise = draws.uniform(0.05, 0.95);
    double start = draws.uniform();
    for (int i = 0; i < points; i++) {
      double phase = fraction((double) i / points - start);
      profile[i] = phase < rise ? phase / rise : (1 - phase) / (1 - rise);
    }
    return profile;
  }

  private static double[] free(Draws draws, int points) {
    double[] profile = new double[points];
    for (int i = 0; i < points; i++) {
      profile[i] = draws.gaussian();
    }
    return profile;
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }
}
