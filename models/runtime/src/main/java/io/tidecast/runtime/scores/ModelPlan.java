package io.tidecast.runtime.scores;

import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.measures.SignedErrors;

/**
 * What all series have in common for one contestant: which of its forecasts are kept until their
 * cells are settled, and where; and the arithmetic of its errors. One thread.
 *
 * <p>The kept forecasts of each lead are a ring. Where a lead is so long that more forecasts would
 * wait than there is room for, one origin of so many is kept: the first of each {@code stride}
 * cells, counted from cell 0.
 */
final class ModelPlan {

  final Contestant by;

  /** What its forecasts came to, of all series together. */
  final Tally tally;

  final int[] leads;
  final int[] strides;
  final int[] capacities;

  /** Where the ring of each lead begins. */
  final int[] begins;

  /** Room of all rings. */
  final int room;

  /** What one error comes to, before it is added to the sums that it belongs to. */
  final PointErrors points = new PointErrors();

  final SignedErrors signed = new SignedErrors();
  final PointErrors naives = new PointErrors();
  final QuantileErrors quantiles;

  /** What the numbers of one forecast are read into, {@code [target][1 + level]}. */
  final double[] numbers;

  ModelPlan(ScoreSettings settings, Contestant by) {
    this.by = by;
    this.tally = new Tally(by);
    this.numbers = new double[by.numbers()];
    this.quantiles = new QuantileErrors(by.levels());
    leads = settings.leads().stream().mapToInt(Integer::intValue).toArray();
    int waiting = settings.waiting(by.numbers(), by.channels().length);
    strides = new int[leads.length];
    capacities = new int[leads.length];
    begins = new int[leads.length];
    int all = 0;
    for (int i = 0; i < leads.length; i++) {
      strides[i] = (leads[i] + waiting - 1) / waiting;
      // What waits has an origin after the last whose cell is settled, and up to the newest, which
      // is at most so many cells after that. Places are of as many cells as a stride.
      int cells = leads[i] + Math.max(1, settings.openCells()) + strides[i] - 1;
      capacities[i] = (cells - 1) / strides[i] + 1;
      begins[i] = all;
      all += capacities[i];
    }
    room = all;
  }

  /** Which origins one is kept of, by their number. */
  long bucket(int index, long origin) {
    return Math.floorDiv(origin, (long) strides[index]);
  }

  int place(int index, long bucket) {
    return begins[index] + (int) Math.floorMod(bucket, (long) capacities[index]);
  }

  /** The first origin of those that a place is for. */
  long firstOrigin(int index, int place, long settled) {
    long lowest = bucket(index, settled - leads[index] + 1);
    long bucket = lowest + Math.floorMod(place - begins[index] - lowest, (long) capacities[index]);
    return bucket * strides[index];
  }
}
