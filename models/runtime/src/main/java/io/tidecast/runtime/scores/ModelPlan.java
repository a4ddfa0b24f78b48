package io.tidecast.runtime.scores;

import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.measures.SignedErrors;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What all series have in common for one contestant: which of its forecasts are kept until their
 * cells are settled, and where; and the arithmetic of its errors. One thread.
 *
 * <p>The kept forecasts of each lead are a ring. Where a lead is so long that more forecasts would
 * wait than there is room for, one origin of so many is kept: the first of each {@code stride}
 * cells, counted from cell 0.
 */
final class ModelPlan {

  /** A power of 2. */
  private static final int REMEMBERED = 16;

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

  /** What the errors of one cell come to, before they are added to the sums of their kind. */
  final PointErrors points = new PointErrors();

  final SignedErrors signed = new SignedErrors();
  final PointErrors naives = new PointErrors();
  final QuantileErrors quantiles;

  /**
   * What the numbers of the forecasts of one cell are read into, {@code [lead][target][1 + level]}.
   */
  final double[] numbers;

  /** {@code [lead]}, whether a forecast of that cell was kept. */
  final boolean[] isKept;

  /** {@code [lead]}, whether it was held against a value. */
  final boolean[] isJoined;

  /** {@code [lead]}, the band that it is in. */
  final int[] bands;

  private final Remembered fromOrigins = new Remembered();
  private final Remembered ofCells = new Remembered();

  ModelPlan(Scoring scoring, Contestant by) {
    ScoreSettings settings = scoring.settings();
    this.by = by;
    this.tally = new Tally(by);
    this.quantiles = new QuantileErrors(by.levels());
    leads = settings.leads().stream().mapToInt(Integer::intValue).toArray();
    numbers = new double[leads.length * by.numbers()];
    isKept = new boolean[leads.length];
    isJoined = new boolean[leads.length];
    bands = new int[leads.length];
    int waiting = settings.waiting(by.numbers(), by.channels().length);
    strides = new int[leads.length];
    capacities = new int[leads.length];
    begins = new int[leads.length];
    int all = 0;
    for (int i = 0; i < leads.length; i++) {
      bands[i] = settings.band(i);
      strides[i] = (leads[i] + waiting - 1) / waiting;
      // What waits has an origin after the last whose cell has been added, and up to the newest,
      // which is at most so many cells after that. Places are of as many cells as a stride.
      int unadded = Math.max(1, settings.openCells()) + scoring.mayWait();
      int cells = leads[i] + unadded + strides[i] - 1;
      capacities[i] = (cells - 1) / strides[i] + 1;
      begins[i] = all;
      all += capacities[i];
    }
    room = all;
  }

  /** Forgets what errors came to. */
  void clear() {
    points.clear();
    signed.clear();
    naives.clear();
    quantiles.clear();
  }

  /**
   * Where forecasts are kept.
   *
   * @param places {@code [lead]}
   * @param behind {@code [lead]}, by how much the origin is behind the first of its place, and 1
   */
  record Kept(int[] places, short[] behind) {}

  /** Where the forecast from an origin is kept. */
  Kept from(long origin) {
    Kept known = fromOrigins.of(origin);
    return known == null ? fromOrigins.remember(origin, lead -> origin) : known;
  }

  /** Where the forecasts of a cell are kept, each from another origin. */
  Kept of(long cell) {
    Kept known = ofCells.of(cell);
    return known == null ? ofCells.remember(cell, lead -> cell - leads[lead]) : known;
  }

  /** Places of a few numbers: the series are mostly all at about the same cell. */
  private final class Remembered {

    /** {@code [number modulo REMEMBERED]}. */
    private final @Nullable Kept[] places = new Kept[REMEMBERED];

    private final long[] numbers = new long[REMEMBERED];

    @Nullable Kept of(long number) {
      int slot = (int) (number & (REMEMBERED - 1));
      return numbers[slot] == number ? places[slot] : null;
    }

    Kept remember(long number, IntToLongFunction origins) {
      Kept kept = new Kept(new int[leads.length], new short[leads.length]);
      for (int lead = 0; lead < leads.length; lead++) {
        long origin = origins.applyAsLong(lead);
        long bucket = bucket(lead, origin);
        kept.places[lead] = place(lead, bucket);
        kept.behind[lead] = (short) (origin - bucket * strides[lead] + 1);
      }
      int slot = (int) (number & (REMEMBERED - 1));
      places[slot] = kept;
      numbers[slot] = number;
      return kept;
    }
  }

  /** Which origins one is kept of, by their number. */
  long bucket(int index, long origin) {
    return Math.floorDiv(origin, (long) strides[index]);
  }

  int place(int index, long bucket) {
    return begins[index] + (int) Math.floorMod(bucket, (long) capacities[index]);
  }

  /**
   * The first origin of those that a place is for.
   *
   * @param added the newest cell that has been added
   */
  long firstOrigin(int index, int place, long added) {
    long lowest = bucket(index, added - leads[index] + 1);
    long bucket = lowest + Math.floorMod(place - begins[index] - lowest, (long) capacities[index]);
    return bucket * strides[index];
  }
}
