package io.tidecast.runtime.scores;

import java.util.Arrays;

/** The forecasts of one model whose cells are not settled, at the leads alone. One thread. */
final class WaitingForecasts {

  private static final long NONE = Long.MIN_VALUE;

  private final ScoreSettings settings;
  private final WaitingPlan plan;
  private final int numbers;
  private final int levels;
  private final long[] origins;
  private final int[] revisions;

  /** {@code [place][target][1 + level]}: the point, then its quantiles. */
  private final double[] values;

  WaitingForecasts(ScoreSettings settings, WaitingPlan plan, Contestant by) {
    this.settings = settings;
    this.plan = plan;
    this.numbers = by.numbers();
    this.levels = by.levels().length;
    this.origins = new long[plan.room];
    this.revisions = new int[plan.room];
    this.values = new double[plan.room * numbers];
    Arrays.fill(origins, NONE);
  }

  /** What became of a forecast at one lead. */
  enum Fate {
    WAITS,
    /** Another one stands for its origin and those beside it. */
    PASSED_OVER,
    /** Its cell is settled, or that of another one that would have stood for it. */
    LATE
  }

  /** Takes a forecast at one lead, by its place in the list. */
  Fate put(int index, ScoredForecast forecast, long settled) {
    int lead = settings.leads().get(index);
    long bucket = plan.bucket(index, forecast.origin());
    if (bucket * plan.strides[index] + lead <= settled) {
      return Fate.LATE;
    }
    int place = plan.place(index, bucket);
    long there = origins[place];
    if (there != NONE
        && (forecast.origin() > there
            || (forecast.origin() == there && forecast.revision() < revisions[place]))) {
      return Fate.PASSED_OVER;
    }
    origins[place] = forecast.origin();
    revisions[place] = forecast.revision();
    copy(forecast.values(), lead - 1, place * numbers);
    return Fate.WAITS;
  }

  private void copy(ForecastValues from, int step, int at) {
    int targets = numbers / (1 + levels);
    int to = at;
    for (int target = 0; target < targets; target++) {
      values[to++] = from.point(step, target);
      for (int level = 0; level < levels; level++) {
        values[to++] = from.quantile(step, target, level);
      }
    }
  }

  /** Where the numbers are of the forecast of a cell; -1 where none is kept at this lead. */
  int at(int index, long cell) {
    long origin = cell - settings.leads().get(index);
    int place = plan.place(index, plan.bucket(index, origin));
    return origins[place] == origin ? place * numbers : -1;
  }

  /** The numbers of all kept forecasts. */
  double[] values() {
    return values;
  }

  /** Forgets the forecast of a cell at one lead. */
  void remove(int index, long cell) {
    long origin = cell - settings.leads().get(index);
    int place = plan.place(index, plan.bucket(index, origin));
    if (origins[place] == origin) {
      origins[place] = NONE;
    }
  }

  /** Forgets what waits for cells up to one. */
  void removeThrough(long cell) {
    for (int i = 0; i < plan.strides.length; i++) {
      for (int place = plan.begins[i]; place < plan.begins[i] + plan.capacities[i]; place++) {
        if (origins[place] != NONE && origins[place] + settings.leads().get(i) <= cell) {
          origins[place] = NONE;
        }
      }
    }
  }

  int count() {
    int count = 0;
    for (long origin : origins) {
      count += origin == NONE ? 0 : 1;
    }
    return count;
  }

  /**
   * Writes, for each lead: how many there are; for each, how far its origin lies behind the settled
   * cell, with the bit of floats below, its revision, and its numbers.
   */
  void write(ScoreOutput out, long settled) {
    for (int i = 0; i < plan.strides.length; i++) {
      int begin = plan.begins[i];
      int end = begin + plan.capacities[i];
      int count = 0;
      for (int place = begin; place < end; place++) {
        count += origins[place] == NONE ? 0 : 1;
      }
      out.putCount(count);
      for (int place = begin; place < end && count > 0; place++) {
        if (origins[place] != NONE) {
          boolean floats = ScoreOutput.areFloats(values, place * numbers, numbers);
          // A forecast waits for a cell after the settled one.
          long ahead = origins[place] + settings.leads().get(i) - settled;
          out.putCount(ahead << 2 | (revisions[place] == 0 ? 0 : 2) | (floats ? 1 : 0));
          if (revisions[place] != 0) {
            out.putCount(revisions[place]);
          }
          out.putValues(values, place * numbers, numbers, floats);
        }
      }
    }
  }

  void read(ScoreInput in, long settled) {
    for (int i = 0; i < plan.strides.length; i++) {
      int count = in.getCount("waiting forecasts", plan.capacities[i]);
      for (int n = 0; n < count; n++) {
        long head = in.getCount();
        long origin = settled + (head >>> 2) - settings.leads().get(i);
        int place = plan.place(i, plan.bucket(i, origin));
        origins[place] = origin;
        revisions[place] = (head & 2) == 0 ? 0 : in.getCount("revision", Integer.MAX_VALUE);
        in.getValues(values, place * numbers, numbers, (head & 1) == 1);
      }
    }
  }
}
