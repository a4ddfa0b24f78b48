package io.tidecast.benchmarks.online;

import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.mixture.MixtureWeights;

/** A way to find the weights of the members of a mixture, told of what happened cell by cell. */
interface WeightRule {

  /** Lets a cell go by. */
  void elapse();

  /** Learns what a cell was that had been forecast at a lead, and is told what the mixture said. */
  void learn(int lead, double actual, float[] forecasts, double mixed);

  /** Computes {@code [lead][member]}, each lead adding up to 1. */
  void weights(double[][] destination);

  /** The one that Tidecast has. */
  static WeightRule tidecast(Leads leads, int members) {
    MixtureWeights weights = new MixtureWeights(leads, members);
    return new WeightRule() {
      @Override
      public void elapse() {
        weights.elapse(1);
      }

      @Override
      public void learn(int lead, double actual, float[] forecasts, double mixed) {
        weights.learn(lead, actual, forecasts, mixed);
      }

      @Override
      public void weights(double[][] destination) {
        weights.weights(destination);
      }
    };
  }
}
