package io.tidecast.evaluation;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.measures.Leads;
import io.tidecast.runtime.measures.Seasons;
import io.tidecast.runtime.mixture.MixturePlan;
import io.tidecast.runtime.mixture.Naive;
import io.tidecast.runtime.mixture.TargetMixture;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what a job would give out of a model that is mixed with baselines and calibrated: the
 * windows of a part are gone through in order of time, and the mixture learns from each row once it
 * has closed. It begins to learn up to {@value #WARM_UP} windows before the part, on rows that do
 * not count. Left out, and counted, are the windows that {@link Evaluation} leaves out: a job would
 * make no forecast there that could be mixed.
 */
public final class MixtureEvaluation {
  private static final int BATCH = 128;
  private static final int WARM_UP = 1_000;

  /** CRPS is over the tenths, as that of models is; the others are the bounds of intervals. */
  private static final double[] LEVELS = {.05, .1, .2, .25, .3, .4, .5, .6, .7, .75, .8, .9, .95};

  private static final int[] TENTHS = {1, 2, 4, 5, 6, 7, 8, 10, 11};
  private static final int LOW_90 = 0;
  private static final int LOW_50 = 3;

  private final SplitSet set;
  private final SplitSeries data;
  private final Split.Part part;
  private final List<String> futureCovariates;
  private final List<Integer> seasons;

  private MixtureEvaluation(
      SplitSet set, Split.Part part, List<String> futureCovariates, List<Integer> seasons) {
    if (!set.isSingle()) {
      throw new IllegalArgumentException("must be one series: series=" + set.series().size());
    }
    this.set = set;
    this.data = set.any();
    this.part = part;
    this.futureCovariates = List.copyOf(futureCovariates);
    this.seasons = List.copyOf(seasons);
  }

  /**
   * Measures over one part of a series.
   *
   * @param set of that series alone
   * @param futureCovariates names of the channels that are known ahead, in the model's order
   */
  public MixtureEvaluation(SplitSet set, Split.Part part, List<String> futureCovariates) {
    this(set, part, futureCovariates, List.of());
  }

  /**
   * Has MASE go by the first of these seasons. What is mixed stays the same.
   *
   * @param steps of each season; those of the step where it is empty
   */
  public MixtureEvaluation withSeasons(List<Integer> steps) {
    return new MixtureEvaluation(set, part, futureCovariates, steps);
  }

  /**
   * Measures the mixture of a model, which stays the caller's, the seasonal naives of a day and a
   * week as far as its context has room for them, the last value and the line.
   *
   * @param residuals of its manifest, by which intervals begin
   * @throws DataException if the part holds no window, or the series has other channels
   */
  public MixtureReport measure(Forecaster model, List<Residuals> residuals) {
    data.requireResolvable();
    ForecasterSpec spec = model.spec();
    Map<String, Naive> naives = naives(spec);
    List<String> names = new ArrayList<>(List.of("the model"));
    names.addAll(naives.keySet());
    MixturePlan plan = new MixturePlan(1, List.copyOf(naives.values()), LEVELS, 0);
    List<ModelResiduals> known = plan.known(residuals, spec.targets().size(), data.series().step());
    return new Run(model, plan, known).measure(names);
  }

  private Map<String, Naive> naives(ForecasterSpec spec) {
    Map<String, Naive> naives = new LinkedHashMap<>();
    Duration step = data.series().step();
    for (int days : new int[] {1, 7}) {
      int season = Seasons.steps(Duration.ofDays(days), step);
      if (season > 1 && season <= spec.contextLength()) {
        String name = days == 1 ? "daily seasonal naive" : "weekly seasonal naive";
        naives.put(name, Naive.season(name, season));
      }
    }
    naives.put("repeat last", Naive.last("repeat last"));
    naives.put("line", Naive.line("line", spec.contextLength()));
    return naives;
  }

  /** Goes through the windows once. */
  private final class Run {
    private final ForecasterSpec spec;
    private final Forecaster model;
    private final EvaluationWindows source;
    private final Leads leads;
    private final int targets;
    private final List<ModelResiduals> known;
    private final TargetMixture[] mixed;
    private final WindowBatch windows;
    private final ForecastBatch forecasts;
    private final TargetMixture.Said said;
    private final int origins;
    private final Accuracy.Sum sum;
    private final IntervalCounts counts;

    Run(Forecaster model, MixturePlan plan, List<ModelResiduals> known) {
      this.known = known;
      this.spec = model.spec();
      this.model = model;
      this.source = new EvaluationWindows(data.series(), spec, futureCovariates, set.gaps());
      this.leads = Leads.upTo(spec.horizon());
      this.targets = spec.targets().size();
      this.mixed = new TargetMixture[source.groups() * targets];
      for (int i = 0; i < mixed.length; i++) {
        mixed[i] = plan.begin();
      }
      this.origins = Math.max(1, BATCH / source.groups());
      this.windows = new WindowBatch(spec, origins * source.groups());
      this.forecasts = new ForecastBatch(spec, origins * source.groups());
      int horizon = spec.horizon();
      this.said =
          new TargetMixture.Said(
              new float[plan.members()][horizon],
              new float[horizon],
              new float[horizon],
              new float[horizon * LEVELS.length],
              new double[plan.members()]);
      this.sum =
          new Accuracy.Sum(
              data.scaler(),
              new ComparedSeasons(set, seasons).naiveErrors(data),
              List.of(.1, .2, .3, .4, .5, .6, .7, .8, .9));
      this.counts = new IntervalCounts(leads);
    }

    MixtureReport measure(List<String> names) {
      int context = spec.contextLength();
      int first = data.split().firstWindow(part, context) + context - 1;
      int reach =
          futureCovariates.isEmpty()
              ? spec.horizon()
              : Math.max(spec.horizon(), spec.predictionLength());
      int until = first + data.split().windows(part, context, reach);
      int begin = Math.max(context - 1, first - WARM_UP);
      for (int row = begin - context + 1; row < begin; row++) {
        for (int group = 0; group < source.groups(); group++) {
          close(row, group);
        }
      }
      for (int from = begin; from < until; from += origins) {
        int next = Math.min(until, from + origins);
        forecast(from, next);
        int row = 0;
        for (int origin = from; origin < next; origin++) {
          for (int group = 0; group < source.groups(); group++) {
            close(origin, group);
            if (source.isWhole(origin, group)) {
              mix(origin, group, row, origin >= first);
              row++;
            } else if (origin >= first) {
              sum.leaveOutForGaps();
            }
          }
        }
      }
      return new MixtureReport(
          sum.mean(), names, weights(), leads, counts.held50(), counts.held90(), first - begin);
    }

    private void forecast(int from, int until) {
      windows.clear();
      for (int origin = from; origin < until; origin++) {
        for (int group = 0; group < source.groups(); group++) {
          if (source.isWhole(origin, group)) {
            // As the naives do, from 0: the values were found to be told apart there.
            windows.add(source.window(origin, group).absolute());
          }
        }
      }
      model.forecast(windows, forecasts);
    }

    private void close(int row, int group) {
      float[] now = new float[targets];
      source.actual(row - 1, group, now);
      for (int target = 0; target < targets; target++) {
        mixed[group * targets + target].close(row, now[target]);
      }
    }

    private void mix(int origin, int group, int row, boolean counted) {
      int horizon = spec.horizon();
      float[] ofTheModel = new float[horizon * targets];
      forecasts.points(row, ofTheModel);
      float[] actual = new float[horizon * targets];
      source.actual(origin, group, actual);
      float[] points = new float[horizon * targets];
      float[] tenths = new float[horizon * targets * TENTHS.length];
      float[] quantiles = said.quantiles();
      for (int target = 0; target < targets; target++) {
        for (int step = 0; step < horizon; step++) {
          float point = ofTheModel[step * targets + target];
          said.points()[0][step] = point;
          said.otherwise()[step] = point;
        }
        mixed[group * targets + target].forecast(
            origin, 0, said, known.isEmpty() ? null : known.get(target));
        for (int step = 0; step < horizon; step++) {
          int at = step * targets + target;
          points[at] = said.mixed()[step];
          for (int i = 0; i < TENTHS.length; i++) {
            tenths[at * TENTHS.length + i] = quantiles[step * LEVELS.length + TENTHS[i]];
          }
          if (counted && !Float.isNaN(actual[at])) {
            counts.add(step + 1, quantiles, step * LEVELS.length, actual[at]);
          }
        }
      }
      if (counted) {
        sum.add(source.targets(group), points, tenths, actual);
      }
    }

    /** The weights after the last row, mean over series and leads, {@code [member]}. */
    private double[] weights() {
      double[] means = new double[said.shares().length];
      for (TargetMixture series : mixed) {
        double[] ofTheSeries = series.weights();
        for (int k = 0; k < means.length; k++) {
          means[k] += ofTheSeries[k] / mixed.length;
        }
      }
      return means;
    }
  }

  /** Counts what lay within the intervals, by the lead that reaches the step. */
  private static final class IntervalCounts {
    private final Leads leads;
    private final long[] all;
    private final long[] within90;
    private final long[] within50;

    IntervalCounts(Leads leads) {
      this.leads = leads;
      this.all = new long[leads.count()];
      this.within90 = new long[leads.count()];
      this.within50 = new long[leads.count()];
    }

    private void add(int step, float[] quantiles, int first, double actual) {
      int lead = leads.reaching(step);
      all[lead]++;
      within90[lead] += holds(quantiles, first, LOW_90, actual);
      within50[lead] += holds(quantiles, first, LOW_50, actual);
    }

    private static int holds(float[] quantiles, int first, int low, double actual) {
      float high = quantiles[first + LEVELS.length - 1 - low];
      return quantiles[first + low] <= actual && actual <= high ? 1 : 0;
    }

    double[] held90() {
      return shares(within90);
    }

    double[] held50() {
      return shares(within50);
    }

    private double[] shares(long[] within) {
      double[] shares = new double[within.length];
      for (int lead = 0; lead < shares.length; lead++) {
        shares[lead] = (double) within[lead] / all[lead];
      }
      return shares;
    }
  }
}
