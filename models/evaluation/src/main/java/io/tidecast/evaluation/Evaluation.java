package io.tidecast.evaluation;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.linear.RidgeForecaster;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a forecaster over every window of a part of one or more series, through the same code
 * that serves it. A model of one channel is measured on a series of several as on that many series.
 * Left out, and counted, are windows that a job would make no forecast from, since too much of them
 * is missing, and those whose forecast is no number.
 *
 * <p>The windows are of a series named {@code evaluation}, or {@code evaluation/} and the channel
 * where channels are series of their own, so that the noise of a generative model is the same
 * whatever the file is called.
 */
public final class Evaluation {
  private static final int BATCH = 128;

  private final SplitSet data;
  private final Split.Part part;
  private final List<String> futureCovariates;
  private final Given given;

  /**
   * What forecasters are given.
   *
   * @param cells newest ones of each context; null for all
   * @param isPadded whether a context may be shorter than the model's, since the model pads it:
   *     where there are no more rows before the part
   * @param seasons of the baselines in steps, the first of which is that of MASE; empty for those
   *     of the step
   */
  private record Given(@Nullable Integer cells, boolean isPadded, List<Integer> seasons) {
    static final Given ALL = new Given(null, false, List.of());
  }

  private Evaluation(SplitSet data, Split.Part part, List<String> futureCovariates, Given given) {
    this.data = data;
    this.part = part;
    this.futureCovariates = List.copyOf(futureCovariates);
    this.given = given;
  }

  /**
   * Measures over one part of the data.
   *
   * @param futureCovariates names of the channels that are known ahead, in the model's order; their
   *     actual rows over the horizon are given to the model
   */
  public Evaluation(SplitSet data, Split.Part part, List<String> futureCovariates) {
    this(data, part, futureCovariates, Given.ALL);
  }

  /** Measures over one part of a series. */
  public Evaluation(SplitSeries data, Split.Part part, List<String> futureCovariates) {
    this(SplitSet.of(data), part, futureCovariates);
  }

  /** Evaluates over one part of the data, for models that know nothing ahead. */
  public Evaluation(SplitSeries data, Split.Part part) {
    this(data, part, List.of());
  }

  /**
   * Measures over the same windows, for models with left padding: each is given the newest cells of
   * its context alone. The baselines are given all of it, as before.
   */
  public Evaluation withContext(int cells) {
    return new Evaluation(
        data, part, futureCovariates, new Given(cells, given.isPadded, given.seasons));
  }

  /**
   * Measures beside seasonal naives of these seasons, and MASE by the first.
   *
   * @param steps of each season; those of the step where it is empty
   */
  public Evaluation withSeasons(List<Integer> steps) {
    return new Evaluation(
        data, part, futureCovariates, new Given(given.cells, given.isPadded, List.copyOf(steps)));
  }

  /**
   * Where a forecast begins.
   *
   * @param series that it is of
   * @param row of the last context cell
   * @param bases one per target: what its points are told from; empty where all are 0
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Origin(String series, int row, double[] bases) {

    /**
     * Returns a point as it is, told from 0: a double where a float can't hold it.
     *
     * @param at number of the point
     */
    public Number absolute(float[] points, int at) {
      return bases.length == 0
          ? (Number) points[at]
          : (Number) (points[at] + bases[at % bases.length]);
    }
  }

  /** Is given every forecast, in order of time, one series after the other. */
  @FunctionalInterface
  public interface ForecastConsumer {

    /**
     * @param points {@code [horizon][target]}, units of the series; NaN of a group of channels that
     *     there is no forecast of; reused
     */
    void accept(Origin origin, float[] points);
  }

  /** Measures a forecaster, which stays the caller's. */
  public Accuracy accuracy(Forecaster forecaster) {
    return accuracy(forecaster, (origin, points) -> {});
  }

  /**
   * Measures the accuracy of a forecaster and hands each forecast on.
   *
   * @throws DataException if the part holds no window, or the series has other channels
   * @throws IllegalArgumentException if the forecaster takes no context of the length asked for
   */
  public Accuracy accuracy(Forecaster forecaster, ForecastConsumer consumer) {
    checkContext(forecaster.spec());
    requireWindows(forecaster.spec());
    Measurement measurement = new Measurement(forecaster, consumer);
    data.series().forEach(measurement::add);
    return measurement.sum.mean();
  }

  /** How many windows a series has, and from where. */
  private record Range(int firstOrigin, int count) {}

  /**
   * A context begins before the part, so that the first target is its first row. Where there are
   * too few rows for that, a model that pads is given those that there are.
   */
  private Range range(SplitSeries one, ForecasterSpec spec) {
    Split split = one.split();
    int needed = spec.contextLength();
    if (spec.leftPadding() || given.isPadded) {
      int before = part == Split.Part.TRAIN ? split.train() - reach(spec) : split.begin(part);
      needed = Math.max(1, Math.min(needed, before));
    }
    return new Range(
        split.firstWindow(part, needed) + needed - 1,
        split.begin(part) < needed && part != Split.Part.TRAIN && data.isSingle()
            ? 0
            : split.windowsIfAny(part, needed, reach(spec)));
  }

  private void requireWindows(ForecasterSpec spec) {
    if (data.all().stream().allMatch(one -> range(one, spec).count == 0)) {
      // Says which rows are too few.
      var unused = data.split().windows(part, spec.contextLength(), reach(spec));
      throw new DataException(
          "no series has a window of context %d and horizon %d in its %s rows; the split is %s, of all rows in order of time"
              .formatted(spec.contextLength(), reach(spec), part, data.split()));
    }
  }

  /**
   * Counts the cells of the shortest context that a model is given on this part, which are less
   * than its own where it pads and there are no more rows before.
   */
  public int shortestContext(ForecasterSpec spec) {
    int shortest = spec.contextLength();
    for (SplitSeries one : data.all()) {
      Range range = range(one, spec);
      shortest = range.count == 0 ? shortest : Math.min(shortest, range.firstOrigin + 1);
    }
    return given.cells == null ? shortest : Math.min(shortest, given.cells);
  }

  /** One forecaster over all windows of all series. */
  private final class Measurement {
    private final Forecaster forecaster;
    private final ForecasterSpec spec;
    private final ForecastConsumer consumer;
    private final ComparedSeasons compared = seasons();
    private final Accuracy.Sum sum;
    private final float[] points;
    private final float[] quantiles;
    private final float[] actual;

    Measurement(Forecaster forecaster, ForecastConsumer consumer) {
      this.forecaster = forecaster;
      this.spec = forecaster.spec();
      this.consumer = consumer;
      this.sum = new Accuracy.Sum(data.any().scaler(), new double[0], spec.quantileLevels());
      this.points = new float[spec.pointsSize()];
      this.quantiles = new float[spec.quantilesSize()];
      this.actual = new float[spec.pointsSize()];
    }

    void add(String name, SplitSeries one) {
      Range range = range(one, spec);
      if (range.count == 0) {
        return;
      }
      sum.of(one.scaler(), compared.naiveErrors(one));
      EvaluationWindows source =
          new EvaluationWindows(one.series(), spec, futureCovariates, data.gaps());
      if (given.cells != null) {
        source.give(given.cells);
      }
      int groups = source.groups();
      int origins = Math.max(1, BATCH / groups);
      WindowBatch windows = new WindowBatch(spec, origins * groups);
      ForecastBatch forecasts = new ForecastBatch(spec, origins * groups);
      double[][] bases = new double[origins * groups][];
      int end = range.firstOrigin + range.count;
      for (int from = range.firstOrigin; from < end; from += origins) {
        int until = Math.min(end, from + origins);
        windows.clear();
        for (int origin = from; origin < until; origin++) {
          for (int group = 0; group < groups; group++) {
            if (source.isWhole(origin, group)) {
              bases[windows.size()] =
                  source.ofTargets(put(windows, source.window(origin, group)), group);
            }
          }
        }
        forecaster.forecast(windows, forecasts);
        int row = 0;
        for (int origin = from; origin < until; origin++) {
          row = take(source, new Origin(name, origin, Window.NO_BASES), forecasts, bases, row);
        }
      }
    }

    /** Adds a window and returns what its values, and so its forecasts, are told from. */
    private double[] put(WindowBatch windows, Window window) {
      boolean moves = forecaster.isShiftEquivariant();
      windows.add(moves ? window : window.absolute());
      return moves ? window.bases() : Window.NO_BASES;
    }

    /** Adds the forecasts of one origin, which are from a row on, and returns the next row. */
    private int take(
        EvaluationWindows source,
        Origin origin,
        ForecastBatch forecasts,
        double[][] bases,
        int first) {
      int groups = source.groups();
      int targets = spec.targets().size();
      float[] together = new float[spec.pointsSize() * groups];
      double[] allBases = new double[targets * groups];
      boolean hasBases = false;
      int row = first;
      for (int group = 0; group < groups; group++) {
        if (!source.isWhole(origin.row, group)) {
          sum.leaveOutForGaps();
          Arrays.fill(points, Float.NaN);
        } else {
          forecasts.points(row, points);
          forecasts.quantiles(row, quantiles);
          source.actual(origin.row, group, bases[row], actual);
          sum.add(source.targets(group), points, quantiles, actual, bases[row]);
          if (bases[row].length > 0) {
            hasBases = true;
            System.arraycopy(bases[row], 0, allBases, group * targets, targets);
          }
          row++;
        }
        Evaluation.put(points, targets, group, groups, together);
      }
      consumer.accept(
          hasBases ? new Origin(origin.series, origin.row, allBases) : origin, together);
      return row;
    }
  }

  /**
   * Counts the rows behind the origin that a window needs: those forecast, and those known ahead.
   */
  private int reach(ForecasterSpec spec) {
    return futureCovariates.isEmpty()
        ? spec.horizon()
        : Math.max(spec.horizon(), spec.predictionLength());
  }

  /** Puts the targets of one group beside those of the others, {@code [horizon][group][target]}. */
  private static void put(float[] points, int targets, int group, int groups, float[] together) {
    for (int step = 0; step < points.length / targets; step++) {
      System.arraycopy(
          points, step * targets, together, (step * groups + group) * targets, targets);
    }
  }

  private void checkContext(ForecasterSpec spec) {
    Integer cells = given.cells;
    if (cells != null && !spec.leftPadding()) {
      throw new IllegalArgumentException(
          "context must be left out, since %s takes no shorter one than its %d cells: context=%d"
              .formatted(spec.id(), spec.contextLength(), cells));
    }
    if (cells != null && (cells < 1 || cells > spec.contextLength())) {
      throw new IllegalArgumentException(
          "context must be within 1..%d: context=%d".formatted(spec.contextLength(), cells));
    }
  }

  /**
   * Lists the names of the channels that are forecast, in the order of the points given to a
   * consumer.
   */
  public List<String> targets(ForecasterSpec spec) {
    return new EvaluationWindows(data.any().series(), spec, futureCovariates).targetNames();
  }

  /**
   * Measures every baseline that the model's context has room for, by name, and ridge regression
   * over its lags where the training rows hold a window.
   */
  public Map<String, Accuracy> baselines(ForecasterSpec spec) {
    Map<String, Accuracy> accuracies = new LinkedHashMap<>();
    accuracies.put("repeat last", baseline(spec, 1));
    seasons()
        .named()
        .forEach(
            (name, steps) -> {
              if (steps <= spec.contextLength()) {
                accuracies.put(name, baseline(spec, steps));
              }
            });
    if (hasRowsToLearnFrom(spec)) {
      try (RidgeForecaster ridge = RidgeForecaster.beside(spec, data)) {
        accuracies.put(
            "ridge over " + ridge.spec().version() + " lags", besides(spec).accuracy(ridge));
      }
    }
    return accuracies;
  }

  private boolean hasRowsToLearnFrom(ForecasterSpec spec) {
    int lags = RidgeForecaster.lags(spec);
    return data.windows(Split.Part.TRAIN, lags, spec.horizon()) > 0
        && data.all().stream()
            .anyMatch(
                one -> one.split().validation() >= spec.horizon() && one.split().train() >= lags);
  }

  /**
   * The same windows, for a forecaster that stands beside a model and is given all that there is.
   */
  private Evaluation besides(ForecasterSpec model) {
    return new Evaluation(
        data, part, futureCovariates, new Given(null, model.leftPadding(), given.seasons));
  }

  private Accuracy baseline(ForecasterSpec spec, int seasonSteps) {
    try (Forecaster baseline = new SeasonalNaive(spec, seasonSteps)) {
      return besides(spec).accuracy(baseline);
    }
  }

  /**
   * Returns the steps of the season of MASE: the first that was asked for, else the shortest
   * natural one of the step, such as a day of hours or a year of months, where the training rows
   * hold more than one; else 1.
   */
  public int maseSeason() {
    return seasons().ofMase();
  }

  private ComparedSeasons seasons() {
    return new ComparedSeasons(data, given.seasons);
  }
}
