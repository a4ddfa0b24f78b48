package io.tidecast.training.synthetic;

import java.util.stream.DoubleStream;

/** The step of a synthetic series, which decides its natural periods. */
enum Cadence {
  FIVE_MINUTES(288, 0.08),
  TEN_MINUTES(144, 0.06),
  FIFTEEN_MINUTES(96, 0.12),
  HALF_HOUR(48, 0.12),
  HOUR(24, 0.33),
  DAY(1, 0.14),
  WEEK(1.0 / 7, 0.08),
  MONTH(12 / 365.25, 0.07);

  private static final double SHORTEST_PERIOD = 2;

  private final double stepsPerDay;
  private final double weight;

  Cadence(double stepsPerDay, double weight) {
    this.stepsPerDay = stepsPerDay;
    this.weight = weight;
  }

  /** A cadence no coarser than the given one. */
  static Cadence draw(Draws draws, Cadence coarsest) {
    double[] weights = new double[coarsest.ordinal() + 1];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = values()[i].weight;
    }
    return values()[draws.weighted(weights)];
  }

  /** The number of steps in a day, which is less than 1 for weeks and months. */
  double day() {
    return stepsPerDay;
  }

  /** The number of steps in a week. */
  double week() {
    return 7 * stepsPerDay;
  }

  /** The number of steps in a year. */
  double year() {
    return 365.25 * stepsPerDay;
  }

  /** Day, week and year in steps, ascending, without those of less than two steps. */
  double[] naturalPeriods() {
    return DoubleStream.of(day(), week(), year()).filter(p -> p >= SHORTEST_PERIOD).toArray();
  }
}
