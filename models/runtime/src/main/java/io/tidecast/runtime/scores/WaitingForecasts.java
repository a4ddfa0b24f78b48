package io.tidecast.runtime.scores;

import io.tidecast.runtime.memory.MemoryLines;

/** The forecasts of one model whose cells are not settled, at the leads alone. One thread. */
final class WaitingForecasts {

  private static final int[] ALL_FIRST = {};

  private final ModelPlan plan;
  private final int numbers;

  /** By how much the origin is behind the first of its place, and 1; 0 where none is kept. */
  private final short[] behind;

  /** Empty as long as none is a revision. */
  private int[] revisions = ALL_FIRST;

  private final WaitingNumbers values;

  WaitingForecasts(ModelPlan plan) {
    this(plan, new short[plan.room], new WaitingNumbers(plan.room * plan.by.numbers()));
  }

  private WaitingForecasts(ModelPlan plan, short[] behind, WaitingNumbers values) {
    this.plan = plan;
    this.numbers = plan.by.numbers();
    this.behind = behind;
    this.values = values;
  }

  /** The same under a plan of its own. */
  WaitingForecasts copy(ModelPlan under) {
    WaitingForecasts copy = new WaitingForecasts(under, behind.clone(), values.copy());
    copy.revisions = revisions.clone();
    return copy;
  }

  /** As {@link SeriesScores#fetch} does. */
  double fetch() {
    return MemoryLines.fetch(behind) + values.fetch();
  }

  /** What became of a forecast at one lead. */
  enum Fate {
    WAITS,
    /** Another one stands for its origin and those beside it. */
    PASSED_OVER,
    /** Its cell is settled, or that of another one that would have stood for it. */
    LATE
  }

  /**
   * Takes a forecast at one lead.
   *
   * @param index of the lead
   * @param kept where forecasts from its origin are
   */
  Fate put(int index, ModelPlan.Kept kept, ScoredForecast forecast, long settled) {
    int here = kept.behind()[index];
    long first = forecast.origin() - here + 1;
    if (first + plan.leads[index] <= settled) {
      return Fate.LATE;
    }
    int place = kept.places()[index];
    int there = behind[place];
    if (there != 0 && (here > there || (here == there && forecast.revision() < revision(place)))) {
      return Fate.PASSED_OVER;
    }
    behind[place] = (short) here;
    revise(place, forecast.revision());
    copy(forecast.values(), plan.leads[index] - 1, place * numbers);
    return Fate.WAITS;
  }

  private int revision(int place) {
    return revisions.length == 0 ? 0 : revisions[place];
  }

  private void revise(int place, int revision) {
    if (revision != 0 && revisions.length == 0) {
      revisions = new int[plan.room];
    }
    if (revisions.length != 0) {
      revisions[place] = revision;
    }
  }

  private void copy(ForecastValues from, int step, int at) {
    int levels = plan.by.levels().length;
    int to = at;
    for (int target = 0; target < plan.by.channels().length; target++) {
      values.put(to++, from.point(step, target));
      for (int level = 0; level < levels; level++) {
        values.put(to++, from.quantile(step, target, level));
      }
    }
  }

  /**
   * The place of the forecast of a cell; -1 where none is kept at this lead.
   *
   * @param index of the lead
   * @param kept where forecasts of the cell are
   */
  int place(int index, ModelPlan.Kept kept) {
    int place = kept.places()[index];
    return behind[place] == kept.behind()[index] ? place : -1;
  }

  /**
   * Copies the numbers of a forecast.
   *
   * @param into receives {@code [target][1 + level]}, the point and then its quantiles
   * @param at its first index there
   */
  void read(int place, double[] into, int at) {
    values.read(place * numbers, into, at, numbers);
  }

  void remove(int place) {
    behind[place] = 0;
  }

  /** Forgets what waits for cells up to one. */
  void removeThrough(long cell, long settled) {
    for (int i = 0; i < plan.leads.length; i++) {
      for (int place = plan.begins[i]; place < plan.begins[i] + plan.capacities[i]; place++) {
        if (behind[place] != 0 && origin(i, place, settled) + plan.leads[i] <= cell) {
          behind[place] = 0;
        }
      }
    }
  }

  private long origin(int index, int place, long settled) {
    return plan.firstOrigin(index, place, settled) + behind[place] - 1;
  }

  int count() {
    int count = 0;
    for (short one : behind) {
      count += one == 0 ? 0 : 1;
    }
    return count;
  }

  /**
   * Writes, for each lead: how many there are; for each, how far its cell lies ahead of the settled
   * one, with two bits below for whether it is a revision and whether its numbers are floats, its
   * revision, if it is one, and its numbers.
   */
  void write(ScoreOutput out, long settled) {
    double[] one = new double[numbers];
    for (int i = 0; i < plan.leads.length; i++) {
      int begin = plan.begins[i];
      int end = begin + plan.capacities[i];
      int count = 0;
      for (int place = begin; place < end; place++) {
        count += behind[place] == 0 ? 0 : 1;
      }
      out.putCount(count);
      for (int place = begin; place < end && count > 0; place++) {
        if (behind[place] != 0) {
          read(place, one, 0);
          boolean floats = values.isNarrow() || ScoreOutput.areFloats(one, 0, numbers);
          long ahead = origin(i, place, settled) + plan.leads[i] - settled;
          out.putCount(ahead << 2 | (revision(place) == 0 ? 0 : 2) | (floats ? 1 : 0));
          if (revision(place) != 0) {
            out.putCount(revision(place));
          }
          out.putValues(one, 0, numbers, floats);
        }
      }
    }
  }

  void read(ScoreInput in, long settled) {
    double[] one = new double[numbers];
    for (int i = 0; i < plan.leads.length; i++) {
      int count = in.getCount("waiting forecasts", plan.capacities[i]);
      for (int n = 0; n < count; n++) {
        long head = in.getCount();
        long origin = settled + (head >>> 2) - plan.leads[i];
        long bucket = plan.bucket(i, origin);
        int place = plan.place(i, bucket);
        behind[place] = (short) (origin - bucket * plan.strides[i] + 1);
        revise(place, (head & 2) == 0 ? 0 : in.getCount("revision", Integer.MAX_VALUE));
        in.getValues(one, 0, numbers, (head & 1) == 1);
        for (int k = 0; k < numbers; k++) {
          values.put(place * numbers + k, one[k]);
        }
      }
    }
  }
}
