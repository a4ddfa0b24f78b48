package io.tidecast.runtime.calibration;

import io.tidecast.runtime.manifest.Checks;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.memory.MemoryLines;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Quantiles around the point forecasts of one series, kept right online: of what happens, as much
 * lies below each as its level says, near and far ahead.
 *
 * <p>At each lead it holds the scale of the errors (a forgetting mean of their absolute values),
 * the quantiles of the errors in that unit, which follow each outcome a little (the quantile
 * tracking of conformal PID control: Angelopoulos, Candès and Tibshirani, 2023), and for each pair
 * of levels a correction that widens the interval after a miss and narrows it after a hit, judged
 * by the interval that was given out ({@link AdaptiveConformal}). The quantiles make intervals as
 * narrow as the errors allow; the correction makes them hold in the long run, however late outcomes
 * come.
 *
 * <p>Far ahead outcomes come late, and those of near leads tell sooner that a series has become
 * unquiet. So it holds a faster mean of the errors {@value #NEAR} steps ahead too, its unrest. From
 * {@value #FAR_FROM} steps on, intervals are as much wider or narrower as the square root of what
 * the unrest is to the scale at that lead.
 *
 * <p>After a shift of level, every forecast made before it misses by far, and says nothing of those
 * made after it. So in a run of misses far out on one side, those beyond the {@value #RUN_FED}th,
 * or beyond an eighth of the lead, do not widen anything, for as long as forecasts can be that old.
 *
 * <p>Quantiles do not cross. Between two leads the offsets from the point are interpolated. It
 * knows of forecasts no more than their points, so a model without quantiles has them too, and a
 * model may be exchanged for another. The state is an array of doubles: the same outcomes in the
 * same order give the same quantiles, to the bit. One thread.
 */
public final class Calibration {
  /** The normal quantile of 0.95. */
  private static final double NORMAL_95 = 1.6448536269514722;

  /** The mean absolute value of a standard normal draw, in which thresholds are counted. */
  private static final double NORMAL_ABSOLUTE = Math.sqrt(2 / Math.PI);

  private static final double SCALE_RATE = 0.01;
  private static final double SCALE_CAP = 2;

  /** Above it errors count up to as many scales more. */
  private static final double USUAL_CORRECTION = 1;

  private static final double TRACKING_STEP = 0.04;
  private static final double CORRECTION_STEP = 0.07;
  private static final double GREATEST_GAIN = 3;

  /** After so many outcomes corrections move less, as one by one they count for less. */
  private static final double SETTLES_AFTER = 3_000;

  /** This share of the first step is the least. */
  private static final double LEAST_STEP = 0.4;

  /** Leads up to this learn at the full rates; outcomes of longer ones are too alike for that. */
  private static final double SHORT_LEAD = 4;

  /** A miss is far out from so many half widths of the 90 % interval on. */
  private static final double FAR = 2.5;

  /** So many misses of a run widen the interval, or as many as this share of the lead's steps. */
  private static final int RUN_FED = 4;

  private static final double RUN_FED_A_STEP = 0.125;

  /** The unrest is that of the greatest lead up to this. */
  private static final int NEAR = 8;

  /** Intervals of leads from this on follow the unrest. */
  private static final int FAR_FROM = 16;

  private static final double UNREST_RATE = 0.03;

  /** Less than this share of the scale counts as much. */
  private static final double LEAST_UNREST = 0.3;

  /** So many outcomes a start from elsewhere is worth. */
  private static final int START_WORTH = 50;

  private final Leads leads;
  private final double[] levels;
  private final int pairs;
  private final Plan plan;

  /** For each lead {@code count, scale, run, thresholds[level], corrections[pair]}. */
  private final double[] state;

  private final int slot;

  /** The faster mean of the absolute errors at the near lead; 0 before the first. */
  private double unrest;

  /** Makes a calibration that knows nothing, of series that have no plan in common. */
  public Calibration(Leads leads, double... levels) {
    this(new Plan(leads, levels));
  }

  /** Makes a calibration that knows nothing: the first quantiles are the points. */
  public Calibration(Plan plan) {
    this.plan = plan;
    this.leads = plan.leads;
    this.levels = plan.levels;
    this.pairs = levels.length / 2;
    this.slot = 3 + levels.length + pairs;
    this.state = new double[leads.count() * slot];
    clear();
  }

  /** What many series have in common, computed once. Never changes. */
  public static final class Plan {
    private final Leads leads;
    private final double[] levels;
    private final double farHalfWidths;
    private final double[] scaleRates;
    private final double[] trackingSteps;
    private final double[] correctionSteps;
    private final int nearLead;

    /** {@code [level]}, where thresholds begin. */
    private final double[] thresholds;

    /**
     * @param levels ascending within (0, 1), as far from 0 as from 1, such as 0.05, 0.5, 0.95;
     *     copied
     */
    public Plan(Leads leads, double... levels) {
      this.leads = leads;
      this.levels = levels.clone();
      requirePairs(this.levels);
      this.thresholds = new double[levels.length];
      for (int i = 0; i < levels.length; i++) {
        thresholds[i] = NormalQuantile.of(levels[i]) / NORMAL_ABSOLUTE;
      }
      this.farHalfWidths =
          levels.length < 2 ? FAR : FAR * NORMAL_95 / -NormalQuantile.of(levels[0]);
      this.scaleRates = rates(leads, SCALE_RATE, 1);
      this.trackingSteps = rates(leads, TRACKING_STEP, 1);
      this.correctionSteps = rates(leads, CORRECTION_STEP, 0.3);
      int near = 0;
      while (near + 1 < leads.count() && leads.step(near + 1) <= NEAR) {
        near++;
      }
      this.nearLead = near;
    }
  }

  private static void requirePairs(double[] levels) {
    Checks.require(levels.length > 0, "must not be empty", "levels", Arrays.toString(levels));
    for (int i = 0; i < levels.length; i++) {
      boolean ascends = levels[i] > (i == 0 ? 0 : levels[i - 1]) && levels[i] < 1;
      boolean hasPartner = Math.abs(levels[i] + levels[levels.length - 1 - i] - 1) < 1e-9;
      Checks.require(
          ascends && hasPartner,
          "must ascend within (0, 1), each with its partner 1 - level",
          "levels",
          Arrays.toString(levels));
    }
  }

  private static double[] rates(Leads leads, double rate, double power) {
    double[] rates = new double[leads.count()];
    for (int lead = 0; lead < rates.length; lead++) {
      rates[lead] = rate * Math.pow(Math.max(1, leads.step(lead) / SHORT_LEAD), -power);
    }
    return rates;
  }

  /** The leads at which outcomes are learned from. */
  public Leads leads() {
    return leads;
  }

  /**
   * Reads one number from each line of memory of it, so that all come from memory at once.
   *
   * @return what they add up to
   */
  public double fetch() {
    return MemoryLines.fetch(state);
  }

  /** The number of levels. */
  public int levels() {
    return levels.length;
  }

  /** The number of bytes that {@link #write} writes. */
  public int bytes() {
    return (state.length + 1) * Double.BYTES;
  }

  /** Writes the state as doubles. */
  public void write(ByteBuffer destination) {
    for (double value : state) {
      destination.putDouble(value);
    }
    destination.putDouble(unrest);
  }

  /**
   * Takes the state that {@link #write} wrote, in the place of this one.
   *
   * @param version of what was written: 2, or 1, which had no unrest; it is learned anew then
   */
  public void read(ByteBuffer source, int version) {
    for (int i = 0; i < state.length; i++) {
      state[i] = source.getDouble();
    }
    unrest = version == 1 ? 0 : source.getDouble();
  }

  /** Whether something is known of every lead, from outcomes or from a start. */
  public boolean isStarted() {
    for (int at = 0; at < state.length; at += slot) {
      if (state[at] == 0) {
        return false;
      }
    }
    return true;
  }

  /** Forgets everything. Until an outcome comes, quantiles are the points. */
  public void clear() {
    Arrays.fill(state, 0);
    unrest = 0;
    for (int lead = 0; lead < leads.count(); lead++) {
      System.arraycopy(plan.thresholds, 0, state, lead * slot + 3, levels.length);
    }
  }

  /**
   * Starts leads that have had no outcome yet from errors that are known of elsewhere: of this
   * series before, of its group, or of the model, whichever is the nearest that there is.
   *
   * @param known of the same leads and levels
   * @param unit what an error of 1 there is in this series; a scale of MASE as a rule
   * @throws IllegalArgumentException if it is of other leads or levels
   */
  public void start(ResidualQuantiles known, double unit) {
    known.requireFit(leads, levels);
    for (int lead = 0; lead < leads.count(); lead++) {
      int at = lead * slot;
      double scale = known.meanAbsolute(lead) * unit;
      if (state[at] == 0 && scale > 0) {
        state[at] = START_WORTH;
        state[at + 1] = scale;
        for (int i = 0; i < levels.length; i++) {
          state[at + 3 + i] = known.quantile(lead, i) * unit / scale;
        }
      }
    }
  }

  /**
   * Returns the errors that it knows, for other series to start from.
   *
   * @param unit what counts as an error of 1; a scale of MASE as a rule
   * @throws IllegalStateException if a lead has had no outcome yet
   */
  public ResidualQuantiles known(double unit) {
    double[] absolutes = new double[leads.count()];
    double[] quantiles = new double[leads.count() * levels.length];
    for (int lead = 0; lead < leads.count(); lead++) {
      int at = lead * slot;
      if (state[at] == 0) {
        throw new IllegalStateException(
            "must have had an outcome at every lead: lead=" + leads.step(lead));
      }
      absolutes[lead] = state[at + 1] / unit;
      for (int i = 0; i < levels.length; i++) {
        quantiles[lead * levels.length + i] = state[at + 3 + i] * state[at + 1] / unit;
      }
    }
    return new ResidualQuantiles(leads, levels, absolutes, quantiles);
  }

  /**
   * Learns from a cell that has closed.
   *
   * @param lead number of the lead at which it was forecast
   * @param actual its value; of NaN nothing is learned
   * @param point what was forecast
   * @param issued holds the quantiles that were given out with it, {@code [level]}
   * @param first index of the lowest one
   */
  public void learn(int lead, double actual, double point, float[] issued, int first) {
    double error = actual - point;
    if (Double.isNaN(error)) {
      return;
    }
    int at = lead * slot;
    double before = state[at + 1];
    updateScale(at, Math.abs(error), plan.scaleRates[lead]);
    if (before == 0) {
      return;
    }
    if (lead == plan.nearLead) {
      double counted = Math.min(Math.abs(error), SCALE_CAP * before);
      double known = unrest == 0 ? before : unrest;
      unrest = known + (counted - known) * UNREST_RATE;
    }
    track(at, error / before, plan.trackingSteps[lead]);
    if (pairs > 0) {
      correct(lead, actual, issued, first);
    }
  }

  private void updateScale(int at, double absolute, double rate) {
    double scale = state[at + 1];
    if (scale == 0) {
      // As long as every error is 0 there is no scale: the first other one is it.
      state[at] = 1;
      state[at + 1] = absolute;
      return;
    }
    state[at] += 1;
    double counted = Math.min(absolute, (SCALE_CAP + beyond(at)) * scale);
    state[at + 1] = scale + (counted - scale) * Math.max(rate, 1 / state[at]);
  }

  /**
   * By how many scales the correction of the outermost quantiles is greater than is usual. Where
   * most errors are about 0, a scale whose cap did not grow with it would shrink on and on, and the
   * correction, which is counted in scales, with it.
   */
  private double beyond(int at) {
    return pairs == 0 ? 0 : Math.max(0, state[at + 3 + levels.length] - USUAL_CORRECTION);
  }

  private void track(int at, double score, double step) {
    for (int i = 0; i < levels.length; i++) {
      double threshold = state[at + 3 + i];
      state[at + 3 + i] = AdaptiveConformal.next(threshold, step, score > threshold, 1 - levels[i]);
    }
  }

  private void correct(int lead, double actual, float[] issued, int first) {
    int at = lead * slot;
    int last = first + levels.length - 1;
    double half = (issued[last] - (double) issued[first]) / 2;
    double far = half * (plan.farHalfWidths - 1);
    int side = actual < issued[first] - far ? -1 : actual > issued[last] + far ? 1 : 0;
    double run = state[at + 2];
    run = side == 0 ? 0 : Math.signum(run) == side ? run + side : side;
    state[at + 2] = run;
    double length = Math.abs(run);
    if (length > Math.max(RUN_FED, RUN_FED_A_STEP * leads.step(lead))
        && length <= leads.step(lead)) {
      return;
    }
    double settled = Math.max(LEAST_STEP, Math.min(1, SETTLES_AFTER / state[at]));
    double sideStep = plan.correctionSteps[lead] / 2 * settled;
    for (int pair = 0; pair < pairs; pair++) {
      double miscoverage = 2 * levels[pair];
      boolean missed = actual < issued[first + pair] || actual > issued[last - pair];
      // Half to each side; outer intervals change little in coverage for what they move.
      double step = sideStep * Math.min(GREATEST_GAIN, 1 / (2 * miscoverage));
      int correction = at + 3 + levels.length + pair;
      state[correction] = AdaptiveConformal.next(state[correction], step, missed, miscoverage);
    }
  }

  /**
   * Gives the quantiles of one forecast.
   *
   * @param points {@code [step]}, as many as the horizon or fewer
   * @param destination receives {@code [step][level]}, row-major, ascending within a step
   */
  public void quantiles(float[] points, float[] destination) {
    int width = levels.length;
    double[] offsets = new double[leads.count() * width];
    for (int lead = 0; lead < leads.count(); lead++) {
      offsets(lead, offsets);
    }
    int from = 0;
    for (int lead = 0; from < points.length; lead++) {
      int until = Math.min(leads.step(lead), points.length);
      int own = lead * width;
      int before = lead == 0 ? own : own - width;
      for (int i = 0; i < width; i++) {
        double here = offsets[own + i];
        double earlier = offsets[before + i];
        for (int step = from; step < until; step++) {
          double share = leads.share(step + 1);
          // Sums of this form rise with each of their numbers, rounded too: so none cross.
          destination[step * width + i] =
              (float) (points[step] + share * here + (1 - share) * earlier);
        }
      }
      from = until;
    }
  }

  /**
   * Gives what the quantiles of a lead are off from the point.
   *
   * @param into receives {@code [lead][level]}
   */
  private void offsets(int lead, double[] into) {
    int at = lead * slot;
    int first = lead * levels.length;
    int last = first + levels.length - 1;
    System.arraycopy(state, at + 3, into, first, levels.length);
    for (int pair = 0; pair < pairs; pair++) {
      double correction = state[at + 3 + levels.length + pair];
      into[first + pair] -= correction;
      into[last - pair] += correction;
    }
    for (int i = first; i < last; i++) {
      if (into[i] > into[i + 1]) {
        Arrays.sort(into, first, last + 1);
        break;
      }
    }
    double unit = state[at + 1] * (leads.step(lead) < FAR_FROM ? 1 : spread());
    for (int i = first; i <= last; i++) {
      into[i] *= unit;
    }
  }

  /** How much wider intervals far ahead are than usual. */
  private double spread() {
    double scale = state[plan.nearLead * slot + 1];
    return unrest == 0 || scale == 0 ? 1 : Math.sqrt(Math.max(LEAST_UNREST, unrest / scale));
  }
}
