package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;

/**
 * The reference: weights as the inverse of the forgotten absolute error of each member over all
 * leads, to the 4th power, forgetting 0.9 a horizon.
 */
final class RecordRule implements WeightRule {
  private static final double KEPT = 0.9;
  private static final int POWER = 4;

  private final double keptACell;
  private final double[] errors;

  RecordRule(Leads leads, int members) {
    keptACell = Math.pow(KEPT, 1.0 / leads.horizon());
    errors = new double[members];
  }

  @Override
  public void elapse() {
    for (int k = 0; k < errors.length; k++) {
      errors[k] *= keptACell;
    }
  }

  @Override
  public void learn(int lead, double actual, float[] forecasts, double mixed) {
    for (int k = 0; k < errors.length; k++) {
      errors[k] += Math.abs(forecasts[k] - actual);
    }
  }

  @Override
  public void weights(double[][] destination) {
    double least = Double.POSITIVE_INFINITY;
    for (double error : errors) {
      least = Math.min(least, error);
    }
    for (double[] weights : destination) {
      double sum = 0;
      for (int k = 0; k < errors.length; k++) {
        weights[k] = errors[k] == least ? 1 : Math.pow(least / errors[k], POWER);
        sum += weights[k];
      }
      for (int k = 0; k < errors.length; k++) {
        weights[k] /= sum;
      }
    }
  }
}
