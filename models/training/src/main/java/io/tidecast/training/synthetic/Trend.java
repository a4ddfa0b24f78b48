package io.tidecast.training.synthetic;

/** Draws of a slow movement over a whole series, about one unit from its lowest to its highest. */
enum Trend {
  NONE(0.35),
  LINEAR(0.2),
  PIECEWISE(0.15),
  SATURATING(0.08),
  DAMPED(0.08),
  RANDOM_WALK(0.14);

  private final double weight;

  Trend(double weight) {
    this.weight = weight;
  }

  static Trend draw(Draws draws) {
    double[] weights = new double[values().length];
    for (Trend trend : values()) {
      weights[trend.ordinal()] = trend.weight;
    }
    return values()[draws.weighted(weights)];
  }

  /** The values of every step, from 0 or near it. */
  double[] values(Draws draws, int length) {
    double[] values =
        switch (this) {
          case NONE -> new double[length];
          case LINEAR -> line(length);
          case PIECEWISE -> piecewise(draws, length);
          case SATURATING -> saturating(draws, length);
          case DAMPED -> damped(draws, length);
          case RANDOM_WALK -> randomWalk(draws, length);
        };
    double sign = draws.chance(0.6) ? 1 : -1;
    for (int t = 0; t < length; t++) {
      values[t] *= sign;
    }
    return values;
  }

  private static double[] line(int length) {
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      values[t] = (double) t / length;
    }
    return values;
  }

  /** Two to five slopes that meet. */
  private static double[] piecewise(Draws draws, int length) {
    double[] values = new double[length];
    double change = draws.uniform(1, 4) / length;
    double slope = draws.gaussian() / length;
    double value = 0;
    for (int t = 0; t < length; t++) {
      values[t] = value;
      value += slope;
      if (draws.chance(change)) {
        slope = 1.5 * draws.gaussian() / length;
      }
    }
    return values;
  }

  /** A logistic curve around a random time. */
  private static double[] saturating(Draws draws, int length) {
    double[] values = new double[length];
    double middle = draws.uniform(0, 1);
    double width = draws.uniform(0.03, 0.25);
    for (int t = 0; t < length; t++) {
      values[t] = 1 / (1 + StrictMath.exp((middle - (double) t / length) / width));
    }
    return values;
  }

  /** Fast at first, then ever slower. */
  private static double[] damped(Draws draws, int length) {
    double[] values = new double[length];
    double kept = StrictMath.exp(-draws.uniform(2, 8) / length);
    double left = 1;
    for (int t = 0; t < length; t++) {
      values[t] = 1 - left;
      left *= kept;
    }
    return values;
  }

  /** Smoothed, for a level that drifts and not a noise. */
  private static double[] randomWalk(Draws draws, int length) {
    double[] values = new double[length];
    double inertia = draws.uniform(0, 0.98);
    double step = (1 - inertia) / Math.sqrt(length);
    double speed = 0;
    double value = 0;
    for (int t = 0; t < length; t++) {
      values[t] = value;
      speed = inertia * speed + step * draws.gaussian();
      value += speed;
    }
    return values;
  }
}
