package io.tidecast.training.synthetic;

/** Draws of the processes that text books name. */
final class StochasticProcesses {
  private static final double MOST_LOG_RANGE = 8;

  private StochasticProcesses() {}

  /** Nothing but its last value helps; a price if geometric. Volatility may cluster. */
  static double[] randomWalk(Draws draws, int length) {
    double[] shocks =
        draws.chance(0.5) ? Noise.white(draws, length) : Noise.heavyTailed(draws, length);
    if (draws.chance(0.5)) {
      double[] volatility = Noise.firstOrder(draws, draws.logUniform(5, 200), length);
      double depth = draws.uniform(0.2, 0.8);
      for (int t = 0; t < length; t++) {
        shocks[t] *= StrictMath.exp(depth * volatility[t]);
      }
    }
    double drift = draws.chance(0.6) ? 0 : 1.5 * draws.gaussian() / Math.sqrt(length);
    double[] values = new double[length];
    double value = 0;
    for (int t = 0; t < length; t++) {
      value += drift + shocks[t];
      values[t] = value;
    }
    return draws.chance(0.4) ? exponential(values, draws.uniform(0.05, 0.8)) : values;
  }

  private static double[] exponential(double[] values, double depth) {
    Values.standardise(values);
    for (int t = 0; t < values.length; t++) {
      values[t] = StrictMath.exp(Math.min(MOST_LOG_RANGE, depth * values[t]));
    }
    return values;
  }

  /** Returns to a level that is fixed or moves much more slowly. */
  static double[] meanReverting(Draws draws, int length) {
    double[] values =
        draws.chance(0.35)
            ? Noise.secondOrder(draws, length)
            : Noise.firstOrder(draws, draws.logUniform(1, length / 10.0), length);
    Values.add(values, draws.uniform(0, 1), Trend.draw(draws).values(draws, length));
    double measured = draws.chance(0.5) ? 0 : draws.logUniform(0.02, 0.5);
    return Values.add(values, measured, Noise.white(draws, length));
  }

  /** A sum of one to four Gaussian processes, or one that is another's amplitude. */
  static double[] gaussianProcess(Draws draws, Cadence cadence, int length) {
    double[] values = kernel(draws, cadence, length);
    int more = draws.weighted(0.3, 0.35, 0.25, 0.1);
    for (int i = 0; i < more; i++) {
      double[] other = kernel(draws, cadence, length);
      if (draws.chance(0.3)) {
        for (int t = 0; t < length; t++) {
          values[t] *= 1 + 0.5 * other[t];
        }
      } else {
        Values.add(values, draws.logUniform(0.3, 2), other);
      }
    }
    return Values.add(values, Noise.scale(draws) / 4, Noise.white(draws, length));
  }

  private static double[] kernel(Draws draws, Cadence cadence, int length) {
    double envelope = length * draws.logUniform(0.15, 8);
    return switch (draws.weighted(0.2, 0.12, 0.33, 0.25, 0.1)) {
      case 0 -> Waves.smooth(draws, length * draws.logUniform(0.01, 1), length);
      case 1 -> Waves.rough(draws, length * draws.logUniform(0.02, 1), length);
      case 2 -> {
        double[] periods = cadence.naturalPeriods();
        double period = periods[draws.integer(0, periods.length - 1)];
        yield Waves.locallyPeriodic(draws, Math.min(period, length), envelope, length);
      }
      case 3 -> Waves.locallyPeriodic(draws, draws.logUniform(4, length / 3.0), envelope, length);
      default -> Trend.LINEAR.values(draws, length);
    };
  }
}
