package io.tidecast.runtime.mixture;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.memory.MemoryLines;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The weights of the members of a mixture for one series, learned from every cell that closes.
 *
 * <p>Half of a weight is the member's record: the inverse of its forgotten mean absolute error, to
 * the 6th power. The other half is what Bernstein online aggregation makes of the members
 * (Wintenberger, 2017, "Optimal learning with Bernstein online aggregation", Machine Learning 106,
 * with the gradient of the absolute loss in the place of the loss): it finds members whose errors
 * go against each other, which records do not show. Each half is partly of the lead itself and
 * partly of all leads together, which is what a lead has before its first outcome.
 *
 * <p>An error counts as if it were at most {@value #CAP} times what the members' errors are at its
 * lead: a single spike would else outweigh days. What counts is forgotten by {@value #KEPT} a
 * horizon; what the aggregation has learned is not.
 *
 * <p>The state is an array of doubles and nothing else, so that the same outcomes in the same order
 * give the same weights, to the bit. One thread.
 */
public final class MixtureWeights {
  private static final double CAP = 2;
  private static final double KEPT = 0.9;

  /** The part of a record that is of all leads. */
  private static final double SHARED_RECORD = 0.3;

  private final Leads leads;
  private final int members;
  private final double keptACell;
  private final double logMembers;

  /**
   * A slot for each lead and one for all of them: {@code count, scale, errors[member],
   * regrets[member], squares[member], ranges[member]}.
   */
  private final double[] state;

  private final int slot;

  /** {@code [slot][member]}, learning rates; they follow from the state. */
  private final double[] rates;

  /**
   * Makes weights that know nothing: all are the same.
   *
   * @param members how many forecasters there are
   */
  public MixtureWeights(Leads leads, int members) {
    Checks.positive("members", members);
    this.leads = leads;
    this.members = members;
    this.keptACell = Math.pow(KEPT, 1.0 / leads.horizon());
    this.logMembers = Math.log(members);
    this.slot = 2 + 4 * members;
    this.state = new double[(leads.count() + 1) * slot];
    this.rates = new double[(leads.count() + 1) * members];
  }

  /** The leads at which outcomes are learned from. */
  public Leads leads() {
    return leads;
  }

  /** As {@link TargetMixture#fetch} does. */
  double fetch() {
    return MemoryLines.fetch(state) + MemoryLines.fetch(rates);
  }

  /** The number of forecasters. */
  public int members() {
    return members;
  }

  /** The number of bytes that {@link #write} writes. */
  public int bytes() {
    return state.length * Double.BYTES;
  }

  /** Writes the state as doubles. */
  public void write(ByteBuffer destination) {
    for (double value : state) {
      destination.putDouble(value);
    }
  }

  /** Takes the state that {@link #write} wrote, in the place of this one. */
  public void read(ByteBuffer source) {
    for (int i = 0; i < state.length; i++) {
      state[i] = source.getDouble();
    }
    for (int one = 0; one <= leads.count(); one++) {
      for (int k = 0; k < members; k++) {
        int regret = one * slot + 2 + members + k;
        rates[one * members + k] = rate(state[regret + members], state[regret + 2 * members]);
      }
    }
  }

  /** Forgets everything, as if no cell had closed yet. */
  public void clear() {
    Arrays.fill(state, 0);
  }

  /**
   * Forgets one member, because another takes its place: the new one begins with the mean error of
   * the others, and without regrets.
   */
  public void replace(int member) {
    for (int at = 0; at < state.length; at += slot) {
      double others = 0;
      for (int k = 0; k < members; k++) {
        others += k == member ? 0 : state[at + 2 + k];
      }
      state[at + 2 + member] = members > 1 ? others / (members - 1) : 0;
      for (int part = 1; part < 4; part++) {
        state[at + 2 + part * members + member] = 0;
      }
    }
  }

  /** Lets time go by: call it for each cell that closes, with or without a value, before it. */
  public void elapse(long cells) {
    double kept = cells == 1 ? keptACell : Math.pow(keptACell, (double) cells);
    for (int at = 0; at < state.length; at += slot) {
      for (int i = 0; i < 2 + members; i++) {
        state[at + i] *= kept;
      }
    }
  }

  /**
   * Learns from a cell that has closed.
   *
   * @param lead number of the lead at which it was forecast
   * @param actual its value
   * @param forecasts {@code [member]}, what each had said of it then; NaN where it had said
   *     nothing, which is neither for nor against it
   * @param mixed what the mixture had said of it
   */
  public void learn(int lead, double actual, float[] forecasts, double mixed) {
    learn(lead, actual, forecasts, 0, mixed);
  }

  /**
   * Learns from a cell that has closed.
   *
   * @param forecasts holds what each member had said of it
   * @param first index of what the first had
   */
  void learn(int lead, double actual, float[] forecasts, int first, double mixed) {
    if (Double.isNaN(actual) || Double.isNaN(mixed)) {
      return;
    }
    double[] absolutes = new double[members];
    double sum = 0;
    int known = 0;
    for (int k = 0; k < members; k++) {
      absolutes[k] = Math.abs(forecasts[first + k] - actual);
      if (!Double.isNaN(absolutes[k])) {
        sum += absolutes[k];
        known++;
      }
    }
    if (!(sum > 0)) {
      return;
    }
    double mean = sum / known;
    int own = lead * slot;
    int all = leads.count();
    double usual = state[own] > 0 ? state[own + 1] / state[own] : mean;
    double damping = mean > CAP * usual && usual > 0 ? CAP * usual / mean : 1;
    double direction = Math.signum(mixed - actual) * damping;
    update(own, absolutes, mean * damping, damping);
    regret(lead, forecasts, first, mixed, direction);
    update(all * slot, absolutes, mean * damping, damping);
    regret(all, forecasts, first, mixed, direction);
  }

  private void update(int at, double[] absolutes, double mean, double damping) {
    for (int k = 0; k < members; k++) {
      double error = absolutes[k] * damping;
      // Who said nothing keeps the mean error that it has.
      state[at + 2 + k] +=
          Double.isNaN(error) ? (state[at] > 0 ? state[at + 2 + k] / state[at] : mean) : error;
    }
    state[at] += 1;
    state[at + 1] += mean;
  }

  /** Adds what the mixture would have gained by following each member a little further. */
  private void regret(int of, float[] forecasts, int first, double mixed, double direction) {
    int regrets = of * slot + 2 + members;
    for (int k = 0; k < members; k++) {
      double gain = direction * (mixed - forecasts[first + k]);
      double square = gain * gain;
      if (square > 0) {
        int at = regrets + k;
        double squares = state[at + members] + square;
        double range = state[at + 2 * members];
        // Math.max would also put zeros and NaN in order, and take longer.
        if (Math.abs(gain) > range) {
          range = Math.abs(gain);
          state[at + 2 * members] = range;
        }
        double rate = rate(squares, range);
        state[at] += gain - rate * square;
        state[at + members] = squares;
        rates[of * members + k] = rate;
      }
    }
  }

  /**
   * The learning rate of a member, which adapts to the gains that it has had: half of the inverse
   * of the greatest, and at most the root of what the logarithm of the members is to their squares.
   */
  private double rate(double squares, double range) {
    double least = 4 * logMembers * range * range;
    return Math.sqrt(logMembers / (least > squares ? least : squares));
  }

  /**
   * Computes the weights at every lead.
   *
   * @param destination receives {@code [lead][member]}; the weights of a lead are 0 or more and add
   *     up to 1
   */
  public void weights(double[][] destination) {
    int shared = leads.count() * slot;
    double[] aggregated = new double[members];
    double[] records = new double[members];
    aggregate(leads.count(), aggregated);
    for (int lead = 0; lead < leads.count(); lead++) {
      double[] weights = destination[lead];
      int own = lead * slot;
      boolean hasOutcomes = state[own] > 0;
      if (hasOutcomes) {
        aggregate(lead, weights);
        for (int k = 0; k < members; k++) {
          weights[k] = (weights[k] + aggregated[k]) / 2;
        }
      } else {
        System.arraycopy(aggregated, 0, weights, 0, members);
      }
      addRecords(hasOutcomes ? own : shared, shared, records, weights);
    }
  }

  /** Takes half of the weights and gives the other half to the records. */
  private void addRecords(int own, int shared, double[] records, double[] weights) {
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < members; k++) {
      records[k] = (1 - SHARED_RECORD) * meanError(own, k) + SHARED_RECORD * meanError(shared, k);
      least = Math.min(least, records[k]);
    }
    double sum = 0;
    for (int k = 0; k < members; k++) {
      double ratio = records[k] == least ? 1 : least / records[k];
      double square = ratio * ratio;
      records[k] = square * square * square;
      sum += records[k];
    }
    for (int k = 0; k < members; k++) {
      weights[k] = (weights[k] + records[k] / sum) / 2;
    }
  }

  private double meanError(int at, int member) {
    return state[at] > 0 ? state[at + 2 + member] / state[at] : 0;
  }

  /** Weights of the aggregation of one slot, which add up to 1. */
  private void aggregate(int of, double[] weights) {
    int regrets = of * slot + 2 + members;
    int squares = regrets + members;
    double greatest = Double.NEGATIVE_INFINITY;
    int known = 0;
    for (int k = 0; k < members; k++) {
      if (hasRate(squares + k)) {
        weights[k] = rates[of * members + k] * state[regrets + k];
        greatest = Math.max(greatest, weights[k]);
        known++;
      }
    }
    double sum = 0;
    for (int k = 0; k < members; k++) {
      if (hasRate(squares + k)) {
        weights[k] = rates[of * members + k] * Math.exp(weights[k] - greatest);
        sum += weights[k];
      }
    }
    // Those of whom nothing is known have an equal share each.
    for (int k = 0; k < members; k++) {
      weights[k] = hasRate(squares + k) ? weights[k] / sum * known / members : 1.0 / members;
    }
  }

  private boolean hasRate(int squares) {
    return members > 1 && state[squares] > 0;
  }
}
