package io.tidecast.runtime.measures;

import io.tidecast.runtime.manifest.Checks;
import java.util.Arrays;

/**
 * The leads at which forecasts are held against what happened: a few steps of the horizon, which
 * stand for those around them. Keeping every step of every forecast until its cell closes would
 * take as much memory as the forecasts of a whole horizon.
 */
public final class Leads {
  private final int[] steps;
  private final int[] after;
  private final double[] shares;

  /** {@code [lead]}, what the steps of those before add up to. */
  private final int[] sums;

  /**
   * @param steps ascending, the first cell ahead is 1; the last is the horizon; copied
   */
  public Leads(int... steps) {
    Checks.require(steps.length > 0, "must not be empty", "leads", Arrays.toString(steps));
    for (int i = 0; i < steps.length; i++) {
      Checks.require(
          steps[i] > (i == 0 ? 0 : steps[i - 1]),
          "must ascend from 1 or more",
          "leads",
          Arrays.toString(steps));
    }
    this.steps = steps.clone();
    this.after = new int[horizon()];
    this.shares = new double[horizon()];
    this.sums = new int[steps.length + 1];
    for (int i = 0; i < steps.length; i++) {
      sums[i + 1] = sums[i] + steps[i];
    }
    int lead = 0;
    for (int step = 1; step <= horizon(); step++) {
      while (steps[lead] < step) {
        lead++;
      }
      after[step - 1] = lead;
      shares[step - 1] =
          lead == 0 ? 1 : (step - steps[lead - 1]) / (double) (steps[lead] - steps[lead - 1]);
    }
  }

  /** Returns 1, 2, 4, 8 and so on, and the horizon. */
  public static Leads upTo(int horizon) {
    Checks.positive("horizon", horizon);
    int powers = Integer.SIZE - Integer.numberOfLeadingZeros(horizon);
    int[] steps = new int[Integer.bitCount(horizon) == 1 ? powers : powers + 1];
    for (int i = 0; i < powers; i++) {
      steps[i] = 1 << i;
    }
    steps[steps.length - 1] = horizon;
    return new Leads(steps);
  }

  /** The number of leads. */
  public int count() {
    return steps.length;
  }

  /** Returns the steps of one lead. */
  public int step(int lead) {
    return steps[lead];
  }

  /** Returns what the steps of all leads before one add up to; of all, where it is their number. */
  public int stepsBefore(int lead) {
    return sums[lead];
  }

  /** The greatest lead. */
  public int horizon() {
    return steps[steps.length - 1];
  }

  /**
   * Returns the number of the first lead that reaches a step.
   *
   * @param step of the horizon, counted from 1
   */
  public int reaching(int step) {
    return after[step - 1];
  }

  /**
   * Returns how much of what belongs to a step is that of the lead that reaches it, from above 0 to
   * 1. The rest is that of the lead before.
   *
   * @param step of the horizon, counted from 1
   */
  public double share(int step) {
    return shares[step - 1];
  }
}
