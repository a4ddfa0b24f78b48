package io.tidecast.evaluation;

import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.linear.RidgeForecaster;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.measures.NaiveScale;
import io.tidecast.runtime.measures.Seasons;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures a forecaster over every window of a part of a series, none left out, through the same
 * code that serves it. A model of one channel is measured on a series of several as on that many
 * series.
 *
 * <p>The windows are of a series named {@code evaluation}, or {@code evaluation/} and the channel
 * where channels are series of their own, so that the noise of a generative model is the same
 * whatever the file is called.
 */
public final class Evaluation {
  private static final int BATCH = 128;

  private final SplitSeries data;
  private final Split.Part part;
  private final List<String> futureCovariates;

  /** A forecaster is given this many newest cells of each context; null gives it all. */
  private final @Nullable Integer given;

  private Evaluation(
      SplitSeries data, Split.Part part, List<String> futureCovariates, @Nullable Integer given) {
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
  public Evaluation(SplitSeries data, Split.Part part, List<String> futureCovariates) {
    this(data, part, futureCovariates, null);
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
    return new Evaluation(data, part, futureCovariates, cells);
  }

  /** Is given every forecast, in order of time. */
  @FunctionalInterface
  public interface ForecastConsumer {

    /**
     * @param originRow row of the last context cell
     * @param points {@code [horizon][target]}, units of the series; reused
     */
    void accept(int originRow, float[] points);
  }

  /** Measures a forecaster, which stays the caller's. */
  public Accuracy accuracy(Forecaster forecaster) {
    return accuracy(forecaster, (row, points) -> {});
  }

  /**
   * Measures the accuracy of a forecaster and hands each forecast on.
   *
   * @throws DataException if the part holds no window, or the series has other channels
   * @throws IllegalArgumentException if the forecaster takes no context of the length asked for
   */
  public Accuracy accuracy(Forecaster forecaster, ForecastConsumer consumer) {
    ForecasterSpec spec = forecaster.spec();
    checkContext(spec);
    EvaluationWindows source = windows(spec);
    int first = data.split().firstWindow(part, spec.contextLength()) + spec.contextLength() - 1;
    int count = data.split().windows(part, spec.contextLength(), reach(spec));
    int groups = source.groups();
    int origins = Math.max(1, BATCH / groups);
    WindowBatch windows = new WindowBatch(spec, origins * groups);
    ForecastBatch forecasts = new ForecastBatch(spec, origins * groups);
    Accuracy.Sum sum = new Accuracy.Sum(data.scaler(), naiveErrors(), spec.quantileLevels());
    float[] points = new float[spec.pointsSize()];
    float[] quantiles = new float[spec.quantilesSize()];
    float[] actual = new float[spec.pointsSize()];
    float[] together = new float[spec.pointsSize() * groups];
    for (int from = 0; from < count; from += origins) {
      windows.clear();
      int until = Math.min(count, from + origins);
      for (int i = from; i < until; i++) {
        for (int group = 0; group < groups; group++) {
          windows.add(shortened(source.window(first + i, group), spec));
        }
      }
      forecaster.forecast(windows, forecasts);
      for (int i = from; i < until; i++) {
        for (int group = 0; group < groups; group++) {
          int row = (i - from) * groups + group;
          forecasts.points(row, points);
          forecasts.quantiles(row, quantiles);
          source.actual(first + i, group, actual);
          sum.add(source.targets(group), points, quantiles, actual);
          put(points, spec.targets().size(), group, groups, together);
        }
        consumer.accept(first + i, together);
      }
    }
    return sum.mean();
  }

  /**
   * Counts the rows behind the origin that a window needs: those forecast, and those known ahead.
   */
  private int reach(ForecasterSpec spec) {
    return futureCovariates.isEmpty()
        ? spec.horizon()
        : Math.max(spec.horizon(), spec.predictionLength());
  }

  /** Returns the window with the cells before those given missing. */
  private Window shortened(Window window, ForecasterSpec spec) {
    if (given != null) {
      int missing = spec.contextLength() - given;
      Arrays.fill(window.context(), 0, missing * spec.channels(), Float.NaN);
    }
    return window;
  }

  /** Puts the targets of one group beside those of the others, {@code [horizon][group][target]}. */
  private static void put(float[] points, int targets, int group, int groups, float[] together) {
    for (int step = 0; step < points.length / targets; step++) {
      System.arraycopy(
          points, step * targets, together, (step * groups + group) * targets, targets);
    }
  }

  private void checkContext(ForecasterSpec spec) {
    if (given != null && !spec.leftPadding()) {
      throw new IllegalArgumentException(
          "context must be left out, since %s takes no shorter one than its %d cells: context=%d"
              .formatted(spec.id(), spec.contextLength(), given));
    }
    if (given != null && (given < 1 || given > spec.contextLength())) {
      throw new IllegalArgumentException(
          "context must be within 1..%d: context=%d".formatted(spec.contextLength(), given));
    }
  }

  private EvaluationWindows windows(ForecasterSpec spec) {
    return new EvaluationWindows(data.series(), spec, futureCovariates);
  }

  /**
   * Lists the names of the channels that are forecast, in the order of the points given to a
   * consumer.
   */
  public List<String> targets(ForecasterSpec spec) {
    return windows(spec).targetNames();
  }

  /**
   * Measures every baseline that the model's context has room for, by name, and ridge regression
   * over its lags where the training rows hold a window.
   */
  public Map<String, Accuracy> baselines(ForecasterSpec spec) {
    Map<String, Accuracy> accuracies = new LinkedHashMap<>();
    accuracies.put("repeat last", baseline(spec, 1));
    seasons(data.series().step())
        .forEach(
            (name, steps) -> {
              if (steps <= spec.contextLength()) {
                accuracies.put(name, baseline(spec, steps));
              }
            });
    if (hasRowsToLearnFrom(spec)) {
      try (RidgeForecaster ridge = RidgeForecaster.beside(spec, data)) {
        accuracies.put(
            "ridge over " + ridge.spec().version() + " lags",
            new Evaluation(data, part, futureCovariates).accuracy(ridge));
      }
    }
    return accuracies;
  }

  private boolean hasRowsToLearnFrom(ForecasterSpec spec) {
    int window = RidgeForecaster.lags(spec) + spec.horizon();
    return data.split().train() >= window && data.split().validation() >= spec.horizon();
  }

  private Accuracy baseline(ForecasterSpec spec, int seasonSteps) {
    try (Forecaster baseline = new SeasonalNaive(spec, seasonSteps)) {
      return new Evaluation(data, part, futureCovariates).accuracy(baseline);
    }
  }

  /**
   * Returns the steps of the season of MASE: a day where that is a number of steps and the training
   * rows hold more than one, else 1.
   */
  public int maseSeason() {
    return NaiveScale.season(data.series().step(), data.split().train());
  }

  private double[] naiveErrors() {
    return NaiveScale.of(
        data.series().values(), data.split().train(), maseSeason(), data.scaler().deviation());
  }

  /** Names the seasons that are longer than a step. */
  private static Map<String, Integer> seasons(Duration step) {
    Map<String, Integer> seasons = new LinkedHashMap<>();
    seasons.put("daily seasonal naive", Seasons.steps(Duration.ofDays(1), step));
    seasons.put("weekly seasonal naive", Seasons.steps(Duration.ofDays(7), step));
    seasons.values().removeIf(steps -> steps == 1);
    return seasons;
  }
}
