package io.tidecast.training.synthetic;

import java.util.SplittableRandom;

/**
 * Random numbers of the distributions that the synthetic series need. All come from the 64 random
 * bits of SplitMix64 through {@code StrictMath}, so that they are the same on every JVM, which
 * {@code nextGaussian} and {@code Math.log} do not promise. One thread.
 */
public final class Draws {
  private static final double FRACTION_UNIT = 0x1p-53;
  private static final double GREATEST_KNUTH_RATE = 30;

  private final SplittableRandom random;
  private double spareGaussian = Double.NaN;

  public Draws(SplittableRandom random) {
    this.random = random;
  }

  /** Uniform from 0, inclusive, to 1, exclusive. */
  double uniform() {
    return (random.nextLong() >>> 11) * FRACTION_UNIT;
  }

  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  /** Uniform in the logarithm; both bounds positive. */
  double logUniform(double from, double to) {
    return from * StrictMath.exp(uniform() * StrictMath.log(to / from));
  }

  /** Both bounds inclusive. */
  public int integer(int from, int to) {
    return from + (int) (uniform() * (to - from + 1));
  }

  public boolean chance(double probability) {
    return uniform() < probability;
  }

  /** An index, as likely as its share of the weights. */
  public int weighted(double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double left = uniform() * sum;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /** Mean 1. */
  double exponential() {
    return -StrictMath.log(1 - uniform());
  }

  /** Mean 0, deviation 1 (Marsaglia's polar method, which gives two at a time). */
  double gaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double gaussian = spareGaussian;
      spareGaussian = Double.NaN;
      return gaussian;
    }
    double x;
    double y;
    double square;
    do {
      x = uniform(-1, 1);
      y = uniform(-1, 1);
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
    spareGaussian = y * factor;
    return x * factor;
  }

  /** Student t with three degrees of freedom, cut where one value would hide all others. */
  double heavyTailed() {
    double x = gaussian();
    double y = gaussian();
    double z = gaussian();
    double t = gaussian() / Math.sqrt((x * x + y * y + z * z) / 3);
    return Math.max(-15, Math.min(15, t));
  }

  /** A count; above a rate of 30 a rounded Gaussian. */
  double poisson(double rate) {
    if (rate > GREATEST_KNUTH_RATE) {
      return Math.max(0, Math.rint(rate + Math.sqrt(rate) * gaussian()));
    }
    double least = StrictMath.exp(-rate);
    double product = uniform();
    int count = 0;
    while (product > least) {
      product *= uniform();
      count++;
    }
    return count;
  }

  /** Gamma of shape 1.5: an exponential and half a squared Gaussian. */
  public double gammaOfThreeHalves() {
    double g = gaussian();
    return exponential() + g * g / 2;
  }
}
