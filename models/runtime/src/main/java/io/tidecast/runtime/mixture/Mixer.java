package io.tidecast.runtime.mixture;

import io.tidecast.runtime.measures.Leads;

/**
 * Mixes point forecasts of the same horizon into one, by weights that go over from lead to lead.
 * One thread.
 */
public final class Mixer {
  private final Leads leads;
  private final double[][] weights;

  /** {@code [lead]}, what the weights add up to. */
  private final double[] totals;

  private final double[] ofTheStep;

  /**
   * Makes a mixer, to be told the weights before each forecast.
   *
   * @param members how many forecasters there are
   */
  public Mixer(Leads leads, int members) {
    this.leads = leads;
    // One array after the other: the JVM takes longer for all in one expression.
    this.weights = new double[leads.count()][];
    for (int lead = 0; lead < weights.length; lead++) {
      weights[lead] = new double[members];
    }
    this.totals = new double[leads.count()];
    this.ofTheStep = new double[members];
  }

  /** Takes the weights as they are now. */
  public void follow(MixtureWeights source) {
    source.weights(weights);
    for (int lead = 0; lead < totals.length; lead++) {
      double total = 0;
      for (double weight : weights[lead]) {
        total += weight;
      }
      totals[lead] = total;
    }
  }

  /** Returns the weight of a member at one lead. */
  double weight(int lead, int member) {
    return weights[lead][member];
  }

  /** Copies the weights at one lead, {@code [member]}. */
  public double[] weights(int lead) {
    return weights[lead].clone();
  }

  /**
   * Mixes points.
   *
   * @param members {@code [member][step]}, at least one of them without NaN; NaN where a member
   *     says nothing, whose weight the others share
   * @param destination receives {@code [step]}
   */
  public void mix(float[][] members, float[] destination) {
    for (int step = 0; step < destination.length; step++) {
      int lead = leads.reaching(step + 1);
      double share = leads.share(step + 1);
      int before = share == 1 ? lead : lead - 1;
      double own = 0;
      double earlier = 0;
      for (int k = 0; k < members.length; k++) {
        double point = members[k][step];
        own += weights[lead][k] * point;
        earlier += weights[before][k] * point;
      }
      double sum = share * own + (1 - share) * earlier;
      double total = share * totals[lead] + (1 - share) * totals[before];
      boolean allSpeak = !Double.isNaN(sum) && total > 0;
      destination[step] = allSpeak ? (float) (sum / total) : mixOfSome(members, step);
    }
  }

  private float mixOfSome(float[][] members, int step) {
    double sum = 0;
    double total = 0;
    blend(step + 1);
    for (int k = 0; k < members.length; k++) {
      float point = members[k][step];
      if (!Float.isNaN(point)) {
        sum += ofTheStep[k] * point;
        total += ofTheStep[k];
      }
    }
    return total > 0 ? (float) (sum / total) : plainMean(members, step);
  }

  /** Of members that all have lost their weight. */
  private static float plainMean(float[][] members, int step) {
    double sum = 0;
    int known = 0;
    for (float[] member : members) {
      if (!Float.isNaN(member[step])) {
        sum += member[step];
        known++;
      }
    }
    return (float) (sum / known);
  }

  private void blend(int step) {
    int lead = leads.reaching(step);
    double share = leads.share(step);
    double[] own = weights[lead];
    if (share == 1) {
      System.arraycopy(own, 0, ofTheStep, 0, own.length);
      return;
    }
    double[] before = weights[lead - 1];
    for (int k = 0; k < own.length; k++) {
      ofTheStep[k] = share * own[k] + (1 - share) * before[k];
    }
  }
}
