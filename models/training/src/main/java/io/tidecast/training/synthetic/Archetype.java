package io.tidecast.training.synthetic;

/** The kinds of synthetic series; {@link SyntheticSeries} describes them. */
enum Archetype {
  COMPOSED(0.27, Cadence.MONTH, false),
  LOAD(0.17, Cadence.DAY, false),
  PRICE(0.07, Cadence.HOUR, false),
  SOLAR(0.05, Cadence.HOUR, true),
  WIND(0.03, Cadence.HOUR, true),
  COUNTS(0.08, Cadence.MONTH, true),
  INTERMITTENT(0.04, Cadence.MONTH, true),
  STATES(0.03, Cadence.MONTH, false),
  FILLING(0.02, Cadence.MONTH, false),
  GAUSSIAN_PROCESS(0.11, Cadence.MONTH, false),
  RANDOM_WALK(0.07, Cadence.MONTH, false),
  MEAN_REVERTING(0.05, Cadence.MONTH, false),
  NOISE(0.01, Cadence.MONTH, false);

  /** Longer periods are left to the trend. */
  private static final double LONGEST_PERIOD_IN_LENGTHS = 4;

  private final double weight;
  private final Cadence coarsest;
  private final boolean zeroMeansNothing;

  Archetype(double weight, Cadence coarsest, boolean zeroMeansNothing) {
    this.weight = weight;
    this.coarsest = coarsest;
    this.zeroMeansNothing = zeroMeansNothing;
  }

  static Archetype draw(Draws draws) {
    double[] weights = new double[values().length];
    for (Archetype archetype : values()) {
      weights[archetype.ordinal()] = archetype.weight;
    }
    return values()[draws.weighted(weights)];
  }

  /** Whether zero is the least value and means that there is nothing, so that nothing moves it. */
  boolean zeroMeansNothing() {
    return zeroMeansNothing;
  }

  /** A series of any level and scale, with what happened to it; finite, maybe constant. */
  double[] series(Draws draws, int length) {
    Cadence cadence = Cadence.draw(draws, coarsest);
    double[] values =
        switch (this) {
          case COMPOSED -> composed(draws, cadence, length);
          case LOAD -> Activity.draw(draws, cadence, length);
          case PRICE -> EnergyProcesses.price(draws, cadence, length);
          case SOLAR -> EnergyProcesses.solar(draws, cadence, length);
          case WIND -> EnergyProcesses.wind(draws, cadence, length);
          case COUNTS -> MachineProcesses.counts(draws, cadence, length);
          case INTERMITTENT -> MachineProcesses.intermittent(draws, length);
          case STATES -> MachineProcesses.states(draws, length);
          case FILLING -> MachineProcesses.filling(draws, length);
          case GAUSSIAN_PROCESS -> StochasticProcesses.gaussianProcess(draws, cadence, length);
          case RANDOM_WALK -> StochasticProcesses.randomWalk(draws, length);
          case MEAN_REVERTING -> StochasticProcesses.meanReverting(draws, length);
          case NOISE -> Noise.draw(draws, length);
        };
    if (!zeroMeansNothing) {
      Incidents.strike(draws, values);
    }
    return values;
  }

  /** Seasons, trend and noise, added or multiplied; sometimes felt with inertia. */
  private static double[] composed(Draws draws, Cadence cadence, int length) {
    double[] signal = new double[length];
    int seasons = draws.weighted(0.06, 0.5, 0.32, 0.12);
    double[] natural = cadence.naturalPeriods();
    int next = 0;
    for (int i = 0; i < seasons; i++) {
      double amplitude = i == 0 ? 1 : draws.logUniform(0.1, 1.2);
      boolean arbitrary = next == natural.length || draws.chance(0.12);
      double period = arbitrary ? draws.logUniform(3, length / 2.0) : natural[next++];
      if (period <= LONGEST_PERIOD_IN_LENGTHS * length) {
        Values.add(signal, amplitude, Seasonality.draw(draws, period, length));
      }
    }
    Values.add(signal, draws.logUniform(0.3, 6), Trend.draw(draws).values(draws, length));
    Values.standardise(signal);
    double scale = Noise.scale(draws);
    double[] noise = Noise.draw(draws, length);
    if (draws.chance(0.3)) {
      double depth = draws.uniform(0.1, 0.6);
      for (int t = 0; t < length; t++) {
        double exponent = depth * (signal[t] + scale * noise[t]);
        signal[t] = StrictMath.exp(Math.max(-5, Math.min(5, exponent)));
      }
    } else {
      Values.add(signal, scale, noise);
    }
    if (draws.chance(0.1)) {
      Values.smooth(signal, draws.logUniform(1, Math.max(2, cadence.day())));
    }
    return signal;
  }
}
