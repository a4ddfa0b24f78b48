package io.tidecast.training.synthetic;

import java.util.SplittableRandom;

/**
 * Draws a univariate series from a broad prior over what services and plants measure. The same seed
 * and length give the same bits on every JVM.
 *
 * <p>A {@link Cadence} (5 minutes to a month) comes first; it decides the periods of day, week and
 * year. Shares of the {@link Archetype}s:
 *
 * <ul>
 *   <li>composed, 27 %: up to three seasons of natural or arbitrary period (harmonics, rectangles,
 *       peaks, saw teeth, free shapes; amplitude and shape may change), a {@link Trend}, {@link
 *       Noise}, added or multiplied
 *   <li>load, 17 %: an {@link Activity}: day times weekday times year, holidays, weather, growth
 *   <li>price, 7 %: a load, a wandering level, heavy-tailed shocks, spikes that decay
 *   <li>solar, 5 %, and wind, 3 %: zero at night, cloudy; idle, rated
 *   <li>counts, 8 %: overdispersed events of an activity, with bursts
 *   <li>intermittent, 4 %: mostly zeros, singly or in clusters
 *   <li>states, 3 %, and filling, 2 %: levels dwelt on; ramps and resets
 *   <li>Gaussian process, 11 %: sums and products of smooth, rough, locally periodic and linear
 *   <li>random walk, 7 %: arithmetic or geometric, drifting or not, volatility may cluster
 *   <li>mean-reverting, 5 %: first and second order around a slow level
 *   <li>noise, 1 %: nothing to learn but level, spread and a short memory
 * </ul>
 *
 * <p>{@link Incidents} then strike those for which zero is a value like others: level shifts,
 * outliers, a stuck sensor, clipping, quantisation. At last a random scale and level. A series with
 * one value over more than half its length is drawn again.
 */
public final class SyntheticSeries {
  /** Shorter ones would be redrawn for ever: a night is constant. */
  static final int SHORTEST = 16;

  private SyntheticSeries() {}

  /** One series of a random archetype. */
  public static float[] generate(long seed, int length) {
    Draws draws = new Draws(new SplittableRandom(seed));
    return generate(Archetype.draw(draws), draws, length);
  }

  /** One series of the given archetype. */
  static float[] generate(Archetype archetype, long seed, int length) {
    return generate(archetype, new Draws(new SplittableRandom(seed)), length);
  }

  private static float[] generate(Archetype archetype, Draws draws, int length) {
    if (length < SHORTEST) {
      throw new IllegalArgumentException(
          "length of a synthetic series must be at least " + SHORTEST + ": length=" + length);
    }
    float[] series;
    do {
      series = place(archetype, draws, archetype.series(draws, length));
    } while (!Values.isUsable(series));
    return series;
  }

  /** Random scale, and level where zero is a value like others. */
  private static float[] place(Archetype archetype, Draws draws, double[] values) {
    double scale = draws.logUniform(1e-2, 1e4) / Math.max(1e-9, Values.deviation(values));
    double level = 0;
    if (!archetype.zeroMeansNothing()) {
      double distance = draws.logUniform(0.5, 30) * (draws.chance(0.15) ? -1 : 1);
      level = scale * (distance * Values.deviation(values) - Values.mean(values));
    }
    float[] placed = new float[values.length];
    for (int t = 0; t < placed.length; t++) {
      placed[t] = (float) (scale * values[t] + level);
    }
    return placed;
  }
}
