package io.tidecast.training.synthetic;

/** Draws of what machines and services measure: states, counts, rare events. */
final class MachineProcesses {
  private static final int MOST_STATES = 4;

  private MachineProcesses() {}

  /** Levels that a machine dwells on for a random or a nearly fixed time. */
  static double[] states(Draws draws, int length) {
    double[] levels = new double[draws.integer(2, MOST_STATES)];
    double[] dwells = new double[levels.length];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = 2 * draws.gaussian();
      dwells[i] = draws.logUniform(3, length / 8.0);
    }
    boolean regular = draws.chance(0.5);
    double[] values = new double[length];
    int state = 0;
    double left = dwells[0] * draws.uniform();
    for (int t = 0; t < length; t++) {
      values[t] = levels[state];
      left--;
      if (left <= 0) {
        state = (state + (regular ? 1 : draws.integer(1, levels.length - 1))) % levels.length;
        left += dwells[state] * (regular ? draws.uniform(0.95, 1.05) : draws.exponential());
      }
    }
    return Values.add(values, draws.logUniform(0.01, 0.5), Noise.draw(draws, length));
  }

  /** Fills up and is emptied, as disks, tanks and batteries are. */
  static double[] filling(Draws draws, int length) {
    double rise = 1 / draws.logUniform(6, length / 4.0);
    double fall = draws.chance(0.5) ? 1 : rise * draws.logUniform(0.3, 5);
    double jitter = draws.uniform(0, 0.6);
    double looseness = draws.chance(0.5) ? 0 : draws.uniform(0, 0.25);
    double[] values = new double[length];
    double value = draws.uniform();
    double bound = 1;
    boolean rising = true;
    for (int t = 0; t < length; t++) {
      values[t] = value;
      value += (rising ? rise : -fall) * (1 + jitter * draws.uniform(-1, 1));
      if (rising ? value >= bound : value <= bound) {
        value = bound;
        rising = !rising;
        bound = (rising ? 1 : 0) + looseness * draws.uniform(-1, 1);
      }
    }
    return Values.add(values, draws.logUniform(1e-4, 0.05), Noise.white(draws, length));
  }

  /** Counted events of an activity, with bursts; overdispersed. */
  static double[] counts(Draws draws, Cadence cadence, int length) {
    double[] rates = Activity.draw(draws, cadence, length);
    double level = draws.logUniform(0.7, 10_000);
    double dispersion = draws.chance(0.4) ? 0 : draws.logUniform(0.01, 0.4);
    double burstRate = draws.chance(0.5) ? 0 : draws.logUniform(1e-3, 2e-2);
    double[] bursts = new double[length];
    Incidents.addSpikes(draws, bursts, burstRate, draws.uniform(0.3, 1.5), 1);
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      double excess = dispersion * draws.gaussian() + Math.min(1.8, bursts[t]);
      values[t] = draws.poisson(level * rates[t] * StrictMath.exp(excess));
    }
    return values;
  }

  /** Mostly zeros: demand for spare parts, errors, rain. Demands may come in clusters. */
  static double[] intermittent(Draws draws, int length) {
    double share = draws.logUniform(0.03, 0.45);
    double cluster = draws.chance(0.5) ? share : draws.uniform(share, 0.8);
    double begin = share * (1 - cluster) / (1 - share);
    boolean whole = draws.chance(0.7);
    double spread = draws.uniform(0.1, 1);
    double size = whole ? draws.logUniform(0.5, 30) : 1;
    double[] values = new double[length];
    boolean demanded = draws.chance(share);
    for (int t = 0; t < length; t++) {
      if (demanded) {
        double drawn = size * StrictMath.exp(spread * draws.gaussian());
        values[t] = whole ? 1 + Math.rint(drawn) : drawn;
      }
      demanded = draws.chance(demanded ? cluster : begin);
    }
    return values;
  }
}
