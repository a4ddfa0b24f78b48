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
    // Member by member: loops over a few members at each step would take longer than what they do.
    double[] sums = new double[destination.length];
    for (int k = 0; k < members.length; k++) {
      add(k, members[k], sums);
    }
    int from = 0;
    for (int lead = 0; from < sums.length; lead++) {
      int until = Math.min(leads.step(lead), sums.length);
      double before = totals[before(lead)];
      double rise = totals[lead] - before;
      for (int step = from; step < until; step++) {
        double total = before + leads.share(step + 1) * rise;
        boolean allSpeak = !Double.isNaN(sums[step]) && total > 0;
        destination[step] = allSpeak ? (float) (sums[step] / total) : mixOfSome(members, step);
      }
      from = until;
    }
  }

  /** Adds what a member says, each step by its weight there. */
  private void add(int member, float[] points, double[] sums) {
    int from = 0;
    for (int lead = 0; from < sums.length; lead++) {
      int until = Math.min(leads.step(lead), sums.length);
      double before = weights[before(lead)][member];
      double rise = weights[lead][member] - before;
      for (int step = from; step < until; step++) {
        sums[step] += (before + leads.share(step + 1) * rise) * points[step];
      }
      from = until;
    }
  }

  /** The lead from which weights go over to those of a lead. */
  private static int before(int lead) {
    return lead == 0 ? 0 : lead - 1;
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
