package io.tidecast.training.synthetic;

/** Draws of what power systems measure, apart from their load, which is an {@link Activity}. */
final class EnergyProcesses {
  private static final double DECLINATION_RADIANS = Math.toRadians(23.4);
  private static final double CUT_IN_SPEED = 0.25;

  private EnergyProcesses() {}

  /** Follows a load, reverts to a level that wanders, jumps and falls back, can be negative. */
  static double[] price(Draws draws, Cadence cadence, int length) {
    double[] values = Values.standardise(Activity.draw(draws, cadence, length));
    double memory = Math.max(2, cadence.day() * draws.logUniform(0.5, 15));
    Values.add(values, draws.uniform(0.2, 1.2), Noise.firstOrder(draws, memory, length));
    double[] shocks = Noise.heavyTailed(draws, length);
    if (draws.chance(0.5)) {
      Seasonality.modulate(draws, shocks);
    }
    Values.add(values, draws.logUniform(0.02, 0.35), shocks);
    double rate = draws.logUniform(1e-3, 2e-2);
    Incidents.addSpikes(draws, values, rate, draws.uniform(1, 6), draws.uniform(0.5, 1));
    return values;
  }

  /** The sun's height over a panel, less the clouds: zero at night, days shorter in winter. */
  static double[] solar(Draws draws, Cadence cadence, int length) {
    double latitude = Math.toRadians(draws.uniform(0, 60));
    double sineLatitude = StrictMath.sin(latitude);
    double cosineLatitude = StrictMath.cos(latitude);
    double[] hourAngle = new double[length];
    double[] season = new double[length];
    double phase = draws.uniform(0, 2 * Math.PI);
    Waves.add(hourAngle, 1, 2 * Math.PI / cadence.day(), draws.uniform(0, 2 * Math.PI));
    Waves.add(season, DECLINATION_RADIANS, 2 * Math.PI / cadence.year(), phase);
    double[] weather = Noise.firstOrder(draws, cadence.day() * draws.logUniform(0.3, 5), length);
    double[] clouds = Noise.firstOrder(draws, Math.max(0.5, cadence.day() / 24), length);
    double clearness = draws.uniform(-0.5, 3);
    double passing = draws.uniform(0, 1);
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      double height =
          sineLatitude * StrictMath.sin(season[t])
              + cosineLatitude * StrictMath.cos(season[t]) * hourAngle[t];
      if (height > 0) {
        double exponent = clearness + 1.5 * weather[t] + passing * clouds[t];
        values[t] = height * (0.1 + 0.9 / (1 + StrictMath.exp(-exponent)));
      }
    }
    return values;
  }

  /** Wind that comes and goes over hours and days, through a turbine's power curve. */
  static double[] wind(Draws draws, Cadence cadence, int length) {
    double memory = Math.max(1, cadence.day() * draws.logUniform(0.2, 3));
    double[] weather = Noise.firstOrder(draws, memory, length);
    if (draws.chance(0.7)) {
      Values.smooth(weather, Math.max(0.3, memory / 8));
    }
    double[] gusts = Noise.firstOrder(draws, Math.max(0.5, cadence.day() / 24), length);
    double level = draws.uniform(-0.7, 0.1);
    double gustiness = draws.uniform(0.02, 0.25);
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      double speed = StrictMath.exp(level + 0.45 * weather[t] + gustiness * gusts[t]);
      double power = Math.max(0, Math.min(1.02, speed) - CUT_IN_SPEED);
      values[t] = power * power * (3 - 2 * power);
    }
    return values;
  }
}
