package io.tidecast.runtime.scores;

import io.tidecast.runtime.measures.NaiveScale;
import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.measures.SignedErrors;
import java.util.Arrays;

/**
 * The sums that scores are made of: of each kind of them one for every block of the sliding window,
 * and one whose errors count less with time. A kind is a target at a lead-time band. One thread.
 *
 * <p>Every sum is of cells that are settled, in their order. Nothing is ever taken out of one: what
 * leaves the window leaves it with its block.
 */
final class ErrorSums {

  private static final int POINTS = 0;
  private static final int SIGNED = POINTS + PointErrors.SUMS;
  private static final int NAIVE = SIGNED + SignedErrors.SUMS;
  private static final int QUANTILES = NAIVE + PointErrors.SUMS;

  /** How many values lay within the outermost quantiles, a whole number but for weights. */
  private static final int COVERED = QUANTILES + 2;

  /** Beside the blocks. */
  private static final int WEIGHTED = ScoreSettings.BLOCKS;

  private static final int SLOTS = ScoreSettings.BLOCKS + 1;

  /** A weight below it is on its way to where doubles lose their digits. */
  private static final double NEXT_TO_NOTHING = 1e-200;

  /** A weighted mean that is a smaller share of that of the window is next to nothing. */
  private static final double LEAST_SHARE = 1e-3;

  private final int kinds;
  private final int width;
  private final ModelPlan plan;

  /** {@code [slot][kind][sum]}: what one cell is added to lies together. */
  private final double[] sums;

  /** Makes sums of nothing. */
  ErrorSums(int kinds, ModelPlan plan) {
    this(kinds, plan, new double[kinds * SLOTS * width(plan)]);
  }

  private ErrorSums(int kinds, ModelPlan plan, double[] sums) {
    this.kinds = kinds;
    this.plan = plan;
    this.width = width(plan);
    this.sums = sums;
  }

  private static int width(ModelPlan plan) {
    return QUANTILES + (plan.by.levels().length > 0 ? QuantileErrors.SUMS : 0);
  }

  /** The same under a plan of its own. */
  ErrorSums copy(ModelPlan under) {
    return new ErrorSums(kinds, under, sums.clone());
  }

  private boolean hasQuantiles() {
    return plan.by.levels().length > 0;
  }

  /**
   * What was said of a value before it was known.
   *
   * @param numbers holds the point, followed by its quantiles
   * @param at index of the point
   * @param naive what the seasonal naive said; NaN for nothing
   */
  record Said(double[] numbers, int at, double naive) {}

  /** Takes note of what a cell says of one forecast, for {@link #settle}. */
  void note(Said said, double actual) {
    double point = said.numbers()[said.at()];
    plan.points.add(point - actual);
    plan.signed.add(point, actual);
    double naiveError = said.naive() - actual;
    if (isError(naiveError)) {
      plan.naives.add(naiveError);
    }
    if (hasQuantiles()) {
      plan.quantiles.add(said.numbers(), said.at() + 1, actual);
    }
  }

  /**
   * Lets what was added to a kind count less, and adds what was noted since the last kind.
   *
   * @param block of the cell that it was noted of
   */
  void settle(int kind, long block, double factor) {
    int weighted = place(kind, WEIGHTED);
    forget(weighted, factor);
    if (plan.points.count() > 0) {
      addTo(place(kind, slot(block)));
      addTo(weighted);
      plan.clear();
    }
  }

  private void addTo(int place) {
    plan.points.addTo(sums, place + POINTS);
    plan.signed.addTo(sums, place + SIGNED);
    plan.naives.addTo(sums, place + NAIVE);
    if (hasQuantiles()) {
      plan.quantiles.addTo(sums, place + QUANTILES);
    }
  }

  private static int slot(long block) {
    return (int) Math.floorMod(block, (long) ScoreSettings.BLOCKS);
  }

  private int place(int kind, int slot) {
    return (slot * kinds + kind) * width;
  }

  /** Whether there is an error, and a number holds its square: one that is not would stay. */
  static boolean isError(double error) {
    return error * error < Double.POSITIVE_INFINITY;
  }

  /** Lets what was added count less. */
  void forget(double factor) {
    for (int kind = 0; kind < kinds; kind++) {
      forget(place(kind, WEIGHTED), factor);
    }
  }

  private void forget(int place, double factor) {
    boolean isGone = sums[place] * factor < NEXT_TO_NOTHING;
    for (int i = place; i < place + width; i++) {
      sums[i] = isGone ? 0 : sums[i] * factor;
    }
  }

  /** Empties a block, which is to be of other cells from now on. */
  void begin(long block) {
    int first = place(0, slot(block));
    Arrays.fill(sums, first, first + kinds * width, 0);
  }

  /** The errors of the points of one kind over the whole window. */
  PointErrors windowPoints(int kind) {
    PointErrors all = new PointErrors();
    for (int slot = 0; slot < ScoreSettings.BLOCKS; slot++) {
      all.addSums(sums, place(kind, slot) + POINTS);
    }
    return all;
  }

  /** The errors of the points of one kind as they count by now. */
  PointErrors weightedPoints(int kind) {
    PointErrors all = new PointErrors();
    all.addSums(sums, place(kind, WEIGHTED) + POINTS);
    return all;
  }

  /**
   * The same where it is something to divide by, and else none: of a series that stands still it
   * halves with every half-life and is never 0, so that by it any rounding is a large error.
   */
  PointErrors weightedScale(int kind) {
    double least = LEAST_SHARE * windowPoints(kind).meanAbsolute();
    PointErrors weighted = weightedPoints(kind);
    return least > 0 && weighted.meanAbsolute() >= least ? weighted : new PointErrors();
  }

  /** The figures over the window; the scale is of the same time. */
  Figures window(int kind, PointErrors scale) {
    return figures(kind, 0, ScoreSettings.BLOCKS, scale);
  }

  /** The weighted figures; the scale is weighted likewise. */
  Figures weighted(int kind, PointErrors scale) {
    return figures(kind, WEIGHTED, SLOTS, scale);
  }

  private Figures figures(int kind, int from, int until, PointErrors scale) {
    PointErrors errors = new PointErrors();
    SignedErrors sides = new SignedErrors();
    PointErrors naive = new PointErrors();
    QuantileErrors spread = new QuantileErrors(plan.by.levels());
    for (int slot = from; slot < until; slot++) {
      int place = place(kind, slot);
      errors.addSums(sums, place + POINTS);
      sides.addSums(sums, place + SIGNED);
      naive.addSums(sums, place + NAIVE);
      if (hasQuantiles()) {
        spread.addSums(sums, place + QUANTILES);
      }
    }
    return new Figures(
        errors.weight(),
        errors.meanAbsolute(),
        errors.meanSquare(),
        NaiveScale.mase(errors, scale),
        NaiveScale.rmsse(errors, scale),
        sides.meanSymmetric(errors.weight()),
        sides.meanError(errors.weight()),
        naive.weight(),
        naive.meanAbsolute(),
        naive.meanSquare(),
        spread.meanPinball(),
        !hasQuantiles() ? errors.meanAbsolute() : spread.meanCrps(),
        spread.coverage(),
        spread.meanWidth());
  }

  /**
   * Writes each slot: how many errors are in it, how many of the naive forecast, with quantiles how
   * many were covered, and those of its other sums that can be something. Weighted ones have a 1 in
   * place of the numbers, and all of their sums.
   */
  void write(ScoreOutput out) {
    for (int kind = 0; kind < kinds; kind++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        write(out, place(kind, slot), slot == WEIGHTED);
      }
    }
  }

  private void write(ScoreOutput out, int place, boolean weighted) {
    if (sums[place] == 0) {
      out.putCount(0);
      return;
    }
    boolean naive = sums[place + NAIVE] != 0;
    out.putCount(weighted ? 1 : (long) sums[place]);
    out.putCount(weighted ? (naive ? 1 : 0) : (long) sums[place + NAIVE]);
    if (!weighted && hasQuantiles()) {
      out.putCount((long) sums[place + COVERED]);
    }
    for (int i = 0; i < width; i++) {
      if (isWritten(i, weighted, naive)) {
        out.putDouble(sums[place + i]);
      }
    }
  }

  void read(ScoreInput in) {
    for (int kind = 0; kind < kinds; kind++) {
      for (int slot = 0; slot < SLOTS; slot++) {
        read(in, place(kind, slot), slot == WEIGHTED);
      }
    }
  }

  private void read(ScoreInput in, int place, boolean weighted) {
    long count = in.getCount();
    if (count == 0) {
      return;
    }
    long naive = in.getCount();
    sums[place] = count;
    sums[place + NAIVE] = naive;
    if (hasQuantiles()) {
      sums[place + QUANTILES] = count;
      sums[place + COVERED] = weighted ? 0 : in.getCount();
    }
    for (int i = 0; i < width; i++) {
      if (isWritten(i, weighted, naive != 0)) {
        sums[place + i] = in.getDouble();
      }
    }
  }

  /** Whether a sum is there by itself: a number of errors is one only where it is weighted. */
  private static boolean isWritten(int sum, boolean weighted, boolean naive) {
    boolean isNumber = sum == POINTS || sum == NAIVE || sum == QUANTILES || sum == COVERED;
    boolean isOfNaive = sum >= NAIVE && sum < QUANTILES;
    return (weighted || !isNumber) && (naive || !isOfNaive);
  }
}
