package io.tidecast.benchmarks.online;

import io.tidecast.runtime.calibration.AdaptiveConformal;
import java.util.Arrays;

/**
 * Dynamically tuned adaptive conformal inference (Gibbs and Candès, 2022) as published: several
 * steps side by side, weighted by the pinball loss of their levels, with a fixed share.
 */
final class DynamicAci implements IntervalRule {
  private static final double[] STEPS = {.001, .002, .004, .008, .016, .032, .064, .128};
  private static final int INTERVAL = 100;

  private final double miscoverage;
  private final double rate;
  private final double share = 1.0 / (2 * INTERVAL);
  private final double[] levels = new double[STEPS.length];
  private final double[] weights = new double[STEPS.length];
  private final ScoreHistory scores = new ScoreHistory();

  DynamicAci(double coverage) {
    this.miscoverage = 1 - coverage;
    double spread =
        coverage * coverage * Math.pow(miscoverage, 3)
            + miscoverage * miscoverage * Math.pow(coverage, 3);
    this.rate =
        Math.sqrt(3.0 / INTERVAL)
            * Math.sqrt((Math.log((double) STEPS.length * INTERVAL) + 2) / spread);
    Arrays.fill(levels, coverage);
    Arrays.fill(weights, 1.0 / STEPS.length);
  }

  @Override
  public double half() {
    double level = 0;
    for (int i = 0; i < STEPS.length; i++) {
      level += weights[i] * levels[i];
    }
    return scores.quantile(level);
  }

  @Override
  public void learn(double score, double issued) {
    double reached = scores.share(score);
    double sum = 0;
    for (int i = 0; i < STEPS.length; i++) {
      double off = reached - levels[i];
      weights[i] *= Math.exp(-rate * loss(off));
      sum += weights[i];
    }
    double total = 0;
    for (int i = 0; i < STEPS.length; i++) {
      weights[i] = (1 - share) * weights[i] + sum * share / STEPS.length;
      total += weights[i];
    }
    for (int i = 0; i < STEPS.length; i++) {
      weights[i] /= total;
      boolean missed = score > scores.quantile(levels[i]);
      levels[i] = AdaptiveConformal.next(levels[i], STEPS[i], missed, miscoverage);
    }
    scores.add(score);
  }

  /** The pinball loss at the level that is meant to be covered. */
  private double loss(double off) {
    return (1 - miscoverage) * off - Math.min(0, off);
  }
}
