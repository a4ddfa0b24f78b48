package io.tidecast.runtime.scores;

import io.tidecast.runtime.measures.PointErrors;
import java.util.Collection;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What is kept of one model of a series: its forecasts that wait, and its sums. One thread. */
final class ModelScores {

  private final ScoreSettings settings;
  private final ModelPlan plan;
  private final Contestant by;
  private final WaitingForecasts waiting;
  private final ErrorSums sums;

  /** The newest origin. */
  private long lastOrigin;

  /** How many forecasts, revisions left out, have come since its scores were last told. */
  private long untold;

  /** The cell at which they were. */
  private long toldAt;

  /** Of the newest origin. */
  private String role = ScoredForecast.PRIMARY;

  private double weight = Double.NaN;

  ModelScores(ScoreSettings settings, ModelPlan plan, long settled) {
    this(
        settings,
        plan,
        new WaitingForecasts(plan),
        new ErrorSums(plan.by.channels().length * settings.bands(), plan));
    this.lastOrigin = settled;
    this.toldAt = settled;
  }

  private ModelScores(
      ScoreSettings settings, ModelPlan plan, WaitingForecasts waiting, ErrorSums sums) {
    this.settings = settings;
    this.plan = plan;
    this.by = plan.by;
    this.waiting = waiting;
    this.sums = sums;
  }

  /** The same under a plan of its own. */
  ModelScores copy(ModelPlan under) {
    ModelScores copy = new ModelScores(settings, under, waiting.copy(under), sums.copy(under));
    copy.lastOrigin = lastOrigin;
    copy.untold = untold;
    copy.toldAt = toldAt;
    copy.role = role;
    copy.weight = weight;
    return copy;
  }

  /** As {@link SeriesScores#fetch} does. */
  double fetch() {
    return waiting.fetch();
  }

  Contestant by() {
    return by;
  }

  long lastOrigin() {
    return lastOrigin;
  }

  /** How many of its forecasts wait, each lead counted. */
  int waiting() {
    return waiting.count();
  }

  /** Takes a forecast at each of the leads that it reaches. */
  void take(ScoredForecast forecast, long settled, Taken taken) {
    if (forecast.origin() >= lastOrigin) {
      if (!role.equals(forecast.role())) {
        // A reference that is stored again is one more that the garbage collector looks at.
        role = forecast.role();
      }
      weight = forecast.weight();
    }
    lastOrigin = Math.max(lastOrigin, forecast.origin());
    untold += forecast.revision() == 0 ? 1 : 0;
    ModelPlan.Kept kept = plan.from(forecast.origin());
    for (int i = 0; i < plan.leads.length; i++) {
      if (plan.leads[i] <= forecast.horizon()) {
        taken.count(waiting.put(i, kept, forecast, settled));
      }
    }
  }

  /**
   * Adds what a cell says of the forecasts that were of it, and forgets those. What was added
   * before counts less from now on.
   *
   * @param factor by which it does
   * @param losses is told of each; null where nobody asks
   * @return how many leads there was a forecast and a value for
   */
  int settle(SettledCell cell, double factor, @Nullable LossSheet losses) {
    takeOut(cell.number());
    long block = Math.floorDiv(cell.number(), settings.blockCells());
    int bands = settings.bands();
    for (int target = 0; target < by.channels().length; target++) {
      int lead = 0;
      for (int band = 0; band < bands; band++) {
        for (; lead < plan.leads.length && plan.bands[lead] == band; lead++) {
          if (plan.isKept[lead]) {
            join(lead, target, cell, losses);
          }
        }
        sums.settle(target * bands + band, block, factor);
      }
    }
    int joined = 0;
    for (boolean one : plan.isJoined) {
      joined += one ? 1 : 0;
    }
    return joined;
  }

  /** Takes the forecasts of a cell out of those that wait. */
  private void takeOut(long cell) {
    ModelPlan.Kept kept = plan.of(cell);
    for (int lead = 0; lead < plan.leads.length; lead++) {
      int place = waiting.place(lead, kept);
      plan.isKept[lead] = place >= 0;
      plan.isJoined[lead] = false;
      if (place >= 0) {
        waiting.read(place, plan.numbers, lead * by.numbers());
        waiting.remove(place);
      }
    }
  }

  private void join(int lead, int target, SettledCell cell, @Nullable LossSheet losses) {
    int numbers = 1 + by.levels().length;
    int first = lead * by.numbers() + target * numbers;
    int channel = by.channels()[target];
    double actual = cell.actual(channel);
    if (areErrors(first, numbers, actual)) {
      ErrorSums.Said said = new ErrorSums.Said(plan.numbers, first, cell.naive(lead, channel));
      sums.note(said, actual);
      plan.tally.add(said, actual, cell.units[channel]);
      if (losses != null) {
        losses.add(lead, channel, plan, said, actual);
      }
      plan.isJoined[lead] = true;
    }
  }

  /** Whether every number is one that an actual value can be held against. */
  private boolean areErrors(int first, int numbers, double actual) {
    for (int i = first; i < first + numbers; i++) {
      if (!ErrorSums.isError(plan.numbers[i] - actual)) {
        return false;
      }
    }
    return true;
  }

  void forget(double factor) {
    sums.forget(factor);
  }

  void begin(long block) {
    sums.begin(block);
  }

  void removeThrough(long cell, long settled) {
    waiting.removeThrough(cell, settled);
  }

  /** Whether its scores are to be told: there are no more of them than forecasts since. */
  boolean isDue(long cell, int every) {
    return cell - toldAt >= every && untold >= (long) settings.bands() * by.channels().length;
  }

  /** The cell at which its scores were last told. */
  long toldAt() {
    return toldAt;
  }

  void told(long cell) {
    toldAt = cell;
    untold = 0;
  }

  /**
   * Adds its scores to those of others.
   *
   * @param window naive errors of each channel over the window
   * @param weighted the same as they count by now, where there is something to divide by
   */
  void addScores(
      Collection<Score> to,
      long cell,
      IntFunction<PointErrors> window,
      IntFunction<PointErrors> weighted) {
    for (int target = 0; target < by.channels().length; target++) {
      int channel = by.channels()[target];
      for (int band = 0; band < settings.bands(); band++) {
        int kind = target * settings.bands() + band;
        Figures slid = sums.window(kind, window.apply(channel));
        Figures recent = sums.weighted(kind, weighted.apply(channel));
        // After hundreds of half-lives without an error there is none that counts.
        if (slid.count() > 0 && recent.count() > 0) {
          to.add(
              new Score(
                  by,
                  channel,
                  settings.firstLead(band),
                  settings.lastLead(band),
                  cell,
                  slid,
                  recent,
                  role,
                  weight));
        }
      }
    }
  }

  void write(ScoreOutput out, long settled) {
    out.putText(by.model());
    out.putText(by.version());
    out.putCount(by.channels().length);
    for (int channel : by.channels()) {
      out.putCount(channel);
    }
    out.putCount(by.levels().length);
    for (double level : by.levels()) {
      out.putDouble(level);
    }
    out.putSigned(lastOrigin - settled);
    out.putCount(untold);
    out.putSigned(settled - toldAt);
    out.putText(role);
    out.putDouble(weight);
    waiting.write(out, settled);
    sums.write(out);
  }

  /**
   * @param version of the bytes
   */
  static ModelScores read(Scoring scoring, int version, ScoreInput in, long settled) {
    Contestant by = contestant(scoring.settings(), in);
    ModelScores scores = new ModelScores(scoring.settings(), scoring.plan(by), settled);
    scores.lastOrigin = settled + in.getSigned();
    scores.untold = in.getCount();
    scores.toldAt = settled - in.getSigned();
    if (version > 1) {
      scores.role = in.getText();
      scores.weight = in.getDouble();
    }
    scores.waiting.read(in, settled);
    scores.sums.read(in);
    return scores;
  }

  private static Contestant contestant(ScoreSettings settings, ScoreInput in) {
    String model = in.getText();
    String version = in.getText();
    int[] channels = new int[in.getCount("targets", settings.channels())];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = in.getCount("channel", settings.channels() - 1);
    }
    double[] levels = new double[in.getCount("levels", MOST_LEVELS)];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = in.getDouble();
    }
    return new Contestant(model, version, channels, levels);
  }

  /** More than any model has; a number beyond is none that was written. */
  private static final int MOST_LEVELS = 10_000;
}
