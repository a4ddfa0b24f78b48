package io.tidecast.flink.series;

import static io.tidecast.runtime.context.GapPolicy.Outcome.FILLED;
import static java.util.Objects.requireNonNull;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.context.Bases;
import io.tidecast.runtime.context.GapPolicy;
import io.tidecast.runtime.windows.Finite;
import java.io.Serializable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the context of a forecast out of what is kept of a series, gaps filled, or says why there is
 * none. Cells before the first of the series are no gaps: they stay missing, for a model that pads
 * or for the baseline. Where the gaps are too much, a silence that the context begins with counts
 * as the time before the series began: what a device said long ago, maybe with a clock that was not
 * set, is no reason to be without a forecast for a whole context.
 *
 * <p>A window may have more cells than the model of the series takes. Whether there is a forecast,
 * and what is filled, is decided by those that it takes, as if there were no others. The older ones
 * are for a longer model that may come: they are filled likewise, and where that can't be they
 * count as the time before the series began.
 */
final class ContextCutter implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Why there is no forecast. */
  enum Skip {
    COLD_START("cold-start"),
    TOO_MANY_MISSING("too-many-missing"),
    GAP_TOO_LONG("gap-too-long");

    private final String label;

    Skip(String label) {
      this.label = label;
    }

    /** In metrics. */
    String label() {
      return label;
    }
  }

  /**
   * Either a request, or why there is none; the other is null.
   *
   * @param missing values of a context that was skipped for them
   * @param values that such a context would have
   */
  record Cut(@Nullable ForecastTask request, @Nullable Skip skip, int missing, int values) {

    /** Returns why there is no request; only to be called where there is none. */
    Skip why() {
      return requireNonNull(skip, "skip is null");
    }
  }

  private static final float[] NO_COVARIATES = {};

  private final SeriesGrid grid;
  private final GapPolicy gaps;
  private final int contextLength;
  private final int minContext;
  private final boolean baselineBelow;
  private final boolean silenceIsFilled;
  private final boolean silenceHolds;
  private final double constant;

  /**
   * @param need of the model that answers the series
   */
  ContextCutter(SeriesSettings settings, SeriesGrid grid, ContextNeed need) {
    this.grid = grid;
    this.gaps = new GapPolicy(settings.gaps(), need.seasonCells(), settings.channels());
    this.contextLength = need.contextLength();
    this.minContext = need.minContext();
    this.baselineBelow = settings.coldStart().below() == ColdStart.Below.BASELINE;
    this.silenceIsFilled = settings.fillsSilence();
    this.silenceHolds = settings.holdsValues();
    this.constant = settings.gaps().constant();
  }

  /** Whether the model is asked before there is a whole context. */
  boolean pads() {
    return minContext < contextLength;
  }

  /** How many cells the model takes. */
  int contextLength() {
    return contextLength;
  }

  /** How many cells a series must have before the model is asked. */
  int minContext() {
    return minContext;
  }

  /** The last cell of a series that has too few cells before it for any forecast. */
  long tooYoungThrough(SeriesRing ring) {
    return baselineBelow ? SeriesRing.NEVER : ring.first() + minContext - 2;
  }

  /** What an origin that was skipped lacks, for people. */
  String requirement(Skip skip, SeriesRing ring, long origin) {
    return switch (skip) {
      case COLD_START ->
          "series must have %d cells with values up to its last closed one, it has %d"
              .formatted(baselineBelow ? 1 : minContext, valued(ring, origin));
      case TOO_MANY_MISSING ->
          "context must not miss more than series.max-filled-cells=%d values, nor as many as it has cells"
              .formatted(gaps.maxFilledCells());
      case GAP_TOO_LONG ->
          "context must not miss more than series.max-consecutive-filled=%d values in a row"
              .formatted(gaps.maxConsecutiveFilled());
    };
  }

  /** The whole forecast from an origin. */
  Cut cut(String series, SeriesRing ring, long origin, int revision) {
    int known = known(ring, origin);
    float[] context = new float[contextLength * grid.channels()];
    int from = unknown(known);
    double[] bases = context(ring, origin, from, context);
    int silent = silenceIsFilled ? fillSilence(context, bases, from, ring, origin) : 0;
    // Most contexts have no gap, which one glance tells.
    boolean whole = Finite.all(context, from);
    int valued = whole ? known : valued(context, from);
    if (!isEnough(known, valued)) {
      return new Cut(null, Skip.COLD_START, 0, 0);
    }
    int missing = whole ? 0 : GapPolicy.missing(context) - from;
    Skip skip = fill(context, bases, known, missing);
    if (skip != null) {
      int before = silentCells(context, known);
      int spoken = known - before;
      if (before == 0 || !isEnough(spoken, valued)) {
        return new Cut(null, skip, missing, known * grid.channels());
      }
      known = spoken;
      missing -= before * grid.channels();
      skip = fill(context, bases, known, missing);
      if (skip != null) {
        return new Cut(null, skip, missing, known * grid.channels());
      }
    }
    boolean young = !isOfAge(known, valued);
    float[] all =
        grid.contextLength() == contextLength
            ? context
            : withOlder(context, bases, known, ring, origin);
    long originMillis = grid.step().startMillis(origin);
    ForecastTask request =
        new ForecastTask(
            series,
            originMillis,
            all,
            missing + silent,
            revision,
            young,
            null,
            null,
            NO_COVARIATES,
            bases,
            null);
    return new Cut(request, null, 0, 0);
  }

  /**
   * Copies what a context is told of, without cells of before a silence that the series has begun
   * anew after; returns from which bases.
   *
   * @param from where the known cells begin
   */
  private double[] context(SeriesRing ring, long origin, int from, float[] context) {
    if (!ring.hasDoubles()) {
      ring.context(origin, context);
      Arrays.fill(context, 0, from, Float.NaN);
      double[] bases = Bases.of(context, grid.channels());
      Bases.subtract(context, bases);
      return bases;
    }
    double[] exact = new double[context.length];
    ring.context(origin, exact);
    Arrays.fill(exact, 0, from, Double.NaN);
    double[] bases = Bases.of(exact, grid.channels());
    Bases.subtract(exact, bases, context);
    return bases;
  }

  /** Whether so many cells up to the origin make a forecast, if only one of the baseline. */
  private boolean isEnough(int known, int valued) {
    return known >= 1 && (isOfAge(known, valued) || (baselineBelow && valued >= 1));
  }

  /**
   * Whether the model is asked: of a whole context the gaps say that, of less the cells that have
   * values.
   *
   * @param known cells since the series began, at most those of a context
   * @param valued those of them that have a value
   */
  private boolean isOfAge(int known, int valued) {
    return valued >= minContext || (known == contextLength && known >= minContext);
  }

  private int valued(SeriesRing ring, long origin) {
    float[] context = new float[contextLength * grid.channels()];
    int from = unknown(known(ring, origin));
    context(ring, origin, from, context);
    return valued(context, from);
  }

  /** How many cells of a context are of the series, which had begun by then or had not. */
  private int known(SeriesRing ring, long origin) {
    return (int) Math.max(0, Math.min(since(ring, origin), contextLength));
  }

  private static long since(SeriesRing ring, long origin) {
    return origin - ring.first(origin) + 1;
  }

  /**
   * All cells of a window: those of the model at the end, and the older ones before it, missing
   * where they can't be filled.
   *
   * @param known cells of the context; with less than all of them, the series began within it
   */
  private float[] withOlder(
      float[] context, double[] bases, int known, SeriesRing ring, long origin) {
    float[] all = new float[grid.contextLength() * grid.channels()];
    int older = all.length - context.length;
    long kept = known < contextLength ? known : Math.min(since(ring, origin), grid.contextLength());
    int from = (int) (grid.contextLength() - kept) * grid.channels();
    if (from < older) {
      older(ring, origin, bases, all);
    }
    Arrays.fill(all, 0, Math.min(from, older), Float.NaN);
    System.arraycopy(context, 0, all, older, context.length);
    if (from < older && silenceIsFilled) {
      int unused = fillSilence(all, bases, from, ring, origin);
    }
    if (from < older && !fillFrom(all, bases, from)) {
      Arrays.fill(all, 0, older, Float.NaN);
    }
    return all;
  }

  /** Copies a whole window, told from bases that are chosen already. */
  private static void older(SeriesRing ring, long origin, double[] bases, float[] all) {
    if (ring.hasDoubles()) {
      double[] exact = new double[all.length];
      ring.context(origin, exact);
      Bases.subtract(exact, bases, all);
    } else {
      ring.context(origin, all);
      Bases.subtract(all, bases);
    }
  }

  /** Fills the cells from a place on; leaves them where they have too many gaps. */
  private boolean fillFrom(float[] all, double[] bases, int from) {
    float[] cells = Arrays.copyOfRange(all, from, all.length);
    int missing = GapPolicy.missing(cells);
    if (gaps.fill(cells, bases, missing, 0, cells.length / grid.channels()) != FILLED) {
      return false;
    }
    System.arraycopy(cells, 0, all, from, cells.length);
    return true;
  }

  /** How many cells of a context from a place on have a value. */
  private int valued(float[] context, int from) {
    int valued = 0;
    for (int at = from; at < context.length; at += grid.channels()) {
      boolean hasValue = false;
      for (int channel = 0; channel < grid.channels(); channel++) {
        hasValue |= !Float.isNaN(context[at + channel]);
      }
      valued += hasValue ? 1 : 0;
    }
    return valued;
  }

  /** Puts into a context what its silence says; returns how many values. */
  private int fillSilence(float[] context, double[] bases, int from, SeriesRing ring, long origin) {
    double[] said = new double[grid.channels()];
    Arrays.fill(said, constant);
    if (silenceHolds) {
      said = ring.heldBefore(origin, context.length / grid.channels());
    }
    int filled = 0;
    for (int at = from; at < context.length; at++) {
      int channel = at % grid.channels();
      double base = bases.length == 0 ? 0 : bases[channel];
      if (Float.isNaN(context[at])) {
        context[at] = (float) (said[channel] - base);
        filled += Float.isNaN(context[at]) ? 0 : 1;
      } else if (silenceHolds) {
        said[channel] = context[at] + base;
      }
    }
    return filled;
  }

  /** How many values of a context lie before its known cells. */
  private int unknown(int known) {
    return (contextLength - known) * grid.channels();
  }

  /** Fills the known cells of a context in place; says why not, and leaves them, if that fails. */
  private @Nullable Skip fill(float[] context, double[] bases, int known, int missing) {
    if (missing == 0) {
      return null;
    }
    int from = unknown(known);
    float[] cells = from == 0 ? context : Arrays.copyOfRange(context, from, context.length);
    // With one less missing than there are cells, no channel is without any value.
    return switch (gaps.fill(cells, bases, missing, 0, known)) {
      case FILLED -> {
        System.arraycopy(cells, 0, context, from, cells.length);
        yield null;
      }
      case TOO_MANY_MISSING, NOTHING_TO_FILL_FROM -> Skip.TOO_MANY_MISSING;
      case GAP_TOO_LONG -> Skip.GAP_TOO_LONG;
    };
  }

  /** How many of the known cells have no value before the first that has one. */
  private int silentCells(float[] context, int known) {
    int from = unknown(known);
    int at = from;
    while (at < context.length && Float.isNaN(context[at])) {
      at++;
    }
    return (at - from) / grid.channels();
  }
}
