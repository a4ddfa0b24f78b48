package io.tidecast.benchmarks.online;

import java.util.Arrays;

/**
 * An aggregation rule of the literature as published, with the gradient of the absolute loss:
 * Bernstein online aggregation (Wintenberger, 2017) or polynomial weights (ML-Poly: Gaillard,
 * Stoltz and van Erven, 2014). One for each lead, or one for all of them.
 */
final class GradientRule implements WeightRule {
  private final boolean bernstein;
  private final int members;
  private final double[][] regrets;
  private final double[][] squares;
  private final double[][] ranges;

  /**
   * @param slots number of leads, or 1 for one rule for all of them
   */
  GradientRule(boolean bernstein, int slots, int members) {
    this.bernstein = bernstein;
    this.members = members;
    this.regrets = new double[slots][members];
    this.squares = new double[slots][members];
    this.ranges = new double[slots][members];
  }

  @Override
  public void elapse() {
    // Nothing is forgotten.
  }

  @Override
  public void learn(int lead, double actual, float[] forecasts, double mixed) {
    int slot = Math.min(lead, regrets.length - 1);
    double direction = Math.signum(mixed - actual);
    for (int k = 0; k < members; k++) {
      double gain = direction * (mixed - forecasts[k]);
      if (gain != 0) {
        squares[slot][k] += gain * gain;
        ranges[slot][k] = Math.max(ranges[slot][k], Math.abs(gain));
        regrets[slot][k] += bernstein ? gain - rate(slot, k) * gain * gain : gain;
      }
    }
  }

  private double rate(int slot, int k) {
    double range = ranges[slot][k];
    return bernstein
        ? Math.min(1 / (2 * range), Math.sqrt(Math.log(members) / squares[slot][k]))
        : 1 / (range * range + squares[slot][k]);
  }

  @Override
  public void weights(double[][] destination) {
    for (int lead = 0; lead < destination.length; lead++) {
      weights(Math.min(lead, regrets.length - 1), destination[lead]);
    }
  }

  private void weights(int slot, double[] weights) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < members; k++) {
      if (squares[slot][k] == 0) {
        Arrays.fill(weights, 1.0 / members);
        return;
      }
      double rate = rate(slot, k);
      weights[k] =
          bernstein
              ? rate * regrets[slot][k] + Math.log(rate)
              : rate * Math.max(0, regrets[slot][k]);
      greatest = Math.max(greatest, weights[k]);
    }
    double sum = 0;
    for (int k = 0; k < members; k++) {
      weights[k] = bernstein ? Math.exp(weights[k] - greatest) : weights[k];
      sum += weights[k];
    }
    for (int k = 0; k < members; k++) {
      weights[k] = sum > 0 ? weights[k] / sum : 1.0 / members;
    }
  }
}
