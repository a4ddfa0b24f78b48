package io.tidecast.benchmarks.online;

import io.tidecast.runtime.calibration.AdaptiveConformal;

/** Adaptive conformal inference as published: the level of the quantile of all scores so far. */
final class PlainAci implements IntervalRule {
  private final double coverage;
  private final double step;
  private final ScoreHistory scores = new ScoreHistory();
  private double level;

  PlainAci(double coverage, double step) {
    this.coverage = coverage;
    this.step = step;
    this.level = coverage;
  }

  double level() {
    return level;
  }

  @Override
  public double half() {
    return scores.quantile(level);
  }

  @Override
  public void learn(double score, double issued) {
    level = AdaptiveConformal.next(level, step, score > issued, 1 - coverage);
    scores.add(score);
  }
}
