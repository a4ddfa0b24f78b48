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

  /** Draws uniformly from 0, inclusive, to 1, exclusive. */
  double uniform() {
    return (random.nextLong() >>> 11) * FRACTION_UNIT;
  }

  double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  /** Draws uniformly in the logarithm; both bounds must be positive. */
  double logUniform(double from, double to) {
    return from * StrictMath.exp(uniform() * StrictMath.log(to / from));
  }

  /** Draws an integer; both bounds may come. */
  public int integer(int from, int to) {
    return from + (int) (uniform() * (to - from + 1));
  }

  public boolean chance(double probability) {
    return uniform() < probability;
  }

  /** Draws an index, as likely as its share of the weights. */
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

  /** Draws from the exponential distribution of mean 1. */
  double exponential() {
    return -StrictMath.log(1 - uniform());
  }

  /** Draws from the normal distribution of mean 0 and deviation 1, by Marsaglia's polar method. */
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

  /** Draws Student's t with three degrees of freedom, cut where one value would hide all others. */
  double heavyTailed() {
    double x = gaussian();
    double y = gaussian();
    double z = gaussian();
    double t = gaussian() / Math.sqrt((x * x + y * y + z * z) / 3);
    return Math.max(-15, Math.min(15, t));
  }

  /** Draws a count; above a rate of 30 it is a rounded Gaussian. */
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

  /** Draws from the gamma distribution of shape 1.5: an exponential and half a squared Gaussian. */
  public double gammaOfThreeHalves() {
    double g = gaussian();
    return exponential() + g * g / 2;
  }
}
