package io.tidecast.runtime.anomalies;

import java.nio.ByteBuffer;

/**
 * How much larger errors are at one lead than at the others, so that errors of all leads are told
 * in one unit. Leads between two powers of 2 share what is known. One thread.
 */
final class LeadUnits {

  private static final int BANDS = 16;

  /** What a lead has of itself weighs as much as what all leads have from so many errors on. */
  private static final double WORTH = 10;

  private final int windowCells;

  /** {@code [band]}: how many errors, and the sum of their absolute values. */
  private final double[] state = new double[2 * BANDS];

  LeadUnits(int windowCells) {
    this.windowCells = windowCells;
  }

  private static int band(int lead) {
    return Math.min(BANDS - 1, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(lead));
  }

  /**
   * The mean absolute error at a lead by that at all leads.
   *
   * @param lead from 1
   */
  double of(int lead) {
    double count = 0;
    double sum = 0;
    for (int band = 0; band < BANDS; band++) {
      count += state[2 * band];
      sum += state[2 * band + 1];
    }
    int own = 2 * band(lead);
    if (sum == 0 || state[own] == count) {
      return 1;
    }
    double mean = sum / count;
    double unit = (state[own + 1] + WORTH * mean) / (state[own] + WORTH) / mean;
    return unit > 0 ? unit : 1;
  }

  /** Takes an error, units of the series. */
  void add(int lead, double error) {
    int own = 2 * band(lead);
    state[own]++;
    state[own + 1] += Math.abs(error);
    if (state[own] > windowCells) {
      for (int i = 0; i < state.length; i++) {
        state[i] /= 2;
      }
    }
  }

  /** The length of {@link #write}. */
  int bytes() {
    return state.length * Double.BYTES;
  }

  void write(ByteBuffer out) {
    for (double value : state) {
      out.putDouble(value);
    }
  }

  void read(ByteBuffer in) {
    for (int i = 0; i < state.length; i++) {
      state[i] = in.getDouble();
    }
  }
}
