package io.tidecast.runtime.scores;

/**
 * Which forecasts of a model are kept until their cells are settled, and where. Of each lead they
 * are a ring. Where a lead is so long that more forecasts would wait than there is room for, one
 * origin of so many is kept: the first of each {@code stride} cells, counted from cell 0. Never
 * changed.
 */
final class WaitingPlan {

  final int[] strides;
  final int[] capacities;

  /** Where the ring of each lead begins. */
  final int[] begins;

  /** Room of all rings. */
  final int room;

  /**
   * Makes the plan for contestants of one shape.
   *
   * @param numbers of one cell of a forecast
   * @param targets that they are of
   */
  WaitingPlan(ScoreSettings settings, int numbers, int targets) {
    int leads = settings.leads().size();
    int waiting = settings.waiting(numbers, targets);
    strides = new int[leads];
    capacities = new int[leads];
    begins = new int[leads];
    int all = 0;
    for (int i = 0; i < leads; i++) {
      int lead = settings.leads().get(i);
      strides[i] = (lead + waiting - 1) / waiting;
      // What waits has an origin after the last whose cell is settled, and up to the newest, which
      // is at most so many cells after that. Places are of as many cells as a stride.
      int cells = lead + Math.max(1, settings.openCells()) + strides[i] - 1;
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
}
