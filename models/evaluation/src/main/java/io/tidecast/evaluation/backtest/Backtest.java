package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.ComparedSeasons;
import io.tidecast.evaluation.backtest.BacktestReport.LeftOut;
import io.tidecast.evaluation.backtest.BacktestReport.Scope;
import io.tidecast.evaluation.backtest.BacktestReport.SeriesError;
import io.tidecast.evaluation.backtest.BacktestReport.ShownWindow;
import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.SplitSeries;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.evaluation.linear.RidgeForecaster;
import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Measures a forecaster over every origin of a part of some series, one row apart, beside the
 * baselines on the same windows. One thread uses it, once.
 */
public final class Backtest {

  private static final int BATCH = 128;
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final int HOURS = 24;

  /** Cells of the context that are drawn before a forecast, by those of the forecast. */
  private static final int DRAWN_BEFORE = 2;

  private final Split.Part part;
  private final Forecaster model;
  private final ForecasterSpec spec;
  private final Consumer consumer;
  private final WindowSelection selection = new WindowSelection();
  private final List<Contender> contenders = new ArrayList<>();
  private final List<SeriesError> errors = new ArrayList<>();
  private List<Integer> seasons = List.of();
  private int unasked;
  private int unknown;
  private int emptySeries;

  /** Is given every forecast of the model, series by series, in order of time. */
  @FunctionalInterface
  public interface Consumer {

    /**
     * Takes a forecast.
     *
     * @param targets names of what is forecast
     * @param points {@code [horizon][target]}, units of the series; not kept
     */
    void accept(String series, long originMillis, List<String> targets, double[] points);
  }

  /**
   * @param model stays the caller's
   */
  public Backtest(Split.Part part, Forecaster model, Consumer consumer) {
    this.part = part;
    this.model = model;
    this.spec = model.spec();
    this.consumer = consumer;
  }

  /**
   * Compares with seasonal naives of these seasons, and has MASE go by the first.
   *
   * @param steps of each season; those of the step where it is empty
   */
  public Backtest withSeasons(List<Integer> steps) {
    seasons = List.copyOf(steps);
    return this;
  }

  /** A series, with what its errors are measured by. */
  private record Measured(String name, SplitSeries data, double[] naiveErrors) {

    TimeSeries series() {
      return data.series();
    }

    double value(int row, int channel) {
      return series().values()[row * series().channels().size() + channel];
    }
  }

  /**
   * Measures on all series.
   *
   * @param source cuts the windows
   * @param name of the data, for people
   * @throws DataException if there is no window at all
   */
  public BacktestReport measure(SplitSet data, WindowSource source, String name) {
    ComparedSeasons compared = new ComparedSeasons(data, seasons);
    contend(data, compared);
    data.series()
        .forEach(
            (series, one) -> {
              measure(new Measured(series, one, compared.naiveErrors(one)), source);
            });
    contenders.stream().skip(1).forEach(contender -> contender.forecaster().close());
    if (errors.isEmpty()) {
      throw nothing(data);
    }
    List<BacktestReport.Scored> scored = contenders.stream().map(Contender::scored).toList();
    errors.sort(Comparator.comparingDouble(SeriesError::scaledMae).reversed());
    return new BacktestReport(
        new Scope(
            name,
            spec.id() + " " + spec.version(),
            partName(),
            data.split().toString(),
            data.any().series().step(),
            spec.horizon(),
            spec.quantileLevels(),
            compared.ofMase(),
            scored.get(0).accuracy().windows(),
            new LeftOut(unasked, unknown, emptySeries)),
        scored,
        errors,
        selection.worst(),
        selection.shown());
  }

  private DataException nothing(SplitSet data) {
    return new DataException(
        "the %s rows of split %s must hold a window of context %d and horizon %d that the model would be asked with; of %d series, %d windows have too little context or too many gaps, and of %d nothing is known of what then happened"
            .formatted(
                partName(),
                data.split(),
                spec.contextLength(),
                spec.horizon(),
                data.series().size(),
                unasked,
                unknown));
  }

  private String partName() {
    return part.name().toLowerCase(Locale.ROOT);
  }

  /** The model first, then the baselines, simplest first. */
  private void contend(SplitSet data, ComparedSeasons compared) {
    contenders.add(new Contender(spec.id(), model, BATCH));
    contenders.add(new Contender("repeat last", new SeasonalNaive(spec, 1), BATCH));
    compared
        .named()
        .forEach(
            (name, steps) -> {
              if (steps > 1 && steps <= spec.contextLength()) {
                contenders.add(new Contender(name, new SeasonalNaive(spec, steps), BATCH));
              }
            });
    int lags = RidgeForecaster.lags(spec);
    boolean canLearn =
        data.windows(Split.Part.TRAIN, lags, spec.horizon()) > 0
            && data.windows(Split.Part.VALIDATION, lags, spec.horizon()) > 0;
    if (canLearn) {
      contenders.add(
          new Contender("ridge over " + lags + " lags", RidgeForecaster.beside(spec, data), BATCH));
    }
  }

  private void measure(Measured series, WindowSource source) {
    contenders.forEach(Contender::begin);
    WindowSource.Origins origins = source.of(series.name(), series.data(), spec);
    List<Integer> asked = new ArrayList<>();
    Split split = series.data().split();
    int until = Math.min(split.end(part), series.series().rows()) - reach() - 1;
    for (int row = firstOrigin(split); row <= until; row++) {
      Window window = origins.at(row);
      if (window == null) {
        unasked++;
      } else if (isUnknown(series, row)) {
        unknown++;
      } else {
        contenders.forEach(contender -> contender.add(window));
        asked.add(row);
      }
      if (asked.size() == BATCH || (row == until && !asked.isEmpty())) {
        contenders.forEach(contender -> run(contender, series, asked));
        asked.clear();
      }
    }
    PointErrors own = contenders.get(0).errors();
    if (own.count() == 0) {
      emptySeries++;
      return;
    }
    errors.add(
        new SeriesError(
            series.name(),
            own.meanAbsolute(),
            contenders.stream()
                .skip(1)
                .mapToDouble(contender -> contender.errors().meanAbsolute())
                .min()
                .orElseThrow()));
  }

  /** How many rows behind the origin a window needs: those forecast, and those known ahead. */
  private int reach() {
    return spec.inputs().futureCovariates() == 0
        ? spec.horizon()
        : Math.max(spec.horizon(), spec.predictionLength());
  }

  /** The first target is the first row of the part. */
  private int firstOrigin(Split split) {
    return part == Split.Part.TRAIN ? spec.contextLength() - 1 : Math.max(0, split.begin(part) - 1);
  }

  /** Whether nothing is known that a forecast could be held against. */
  private boolean isUnknown(Measured series, int row) {
    for (int step = 1; step <= spec.horizon(); step++) {
      for (int target : spec.targets()) {
        if (!Double.isNaN(series.value(row + step, target))) {
          return false;
        }
      }
    }
    return true;
  }

  private void run(Contender contender, Measured series, List<Integer> asked) {
    contender.run();
    for (int i = 0; i < asked.size(); i++) {
      int row = asked.get(i);
      Contender.Forecast forecast = contender.forecast(i);
      double error = add(contender, series, row, forecast);
      if (contender.forecaster() == model) {
        consumer.accept(
            series.name(), series.series().timeMillis(row), targets(series), forecast.points());
        show(series, row, forecast, error);
      }
    }
    contender.clear();
  }

  private List<String> targets(Measured series) {
    return spec.targets().stream().map(series.series().channels()::get).toList();
  }

  /** Adds the errors of a forecast; returns the mean of them in standard deviations. */
  private double add(Contender contender, Measured series, int row, Contender.Forecast forecast) {
    int targets = spec.targets().size();
    int levels = contender.forecaster().spec().quantileLevels().size();
    PointErrors its = new PointErrors();
    contender.scores().window();
    for (int i = 0; i < forecast.points().length; i++) {
      int step = i / targets;
      int channel = spec.targets().get(i % targets);
      double happened = series.value(row + 1 + step, channel);
      if (Double.isNaN(happened)) {
        continue;
      }
      // As exact as the forecast is.
      double actual = forecast.bases().length == 0 ? (float) happened : happened;
      double deviation = series.data().scaler().deviation()[channel];
      Scores.Target target =
          new Scores.Target(
              step,
              hour(series.series().timeMillis(row + step + 1)),
              deviation,
              series.naiveErrors()[channel]);
      contender.scores().add(target, forecast.points()[i], actual);
      contender.scores().addQuantiles(target, forecast.quantiles(), i * levels, actual);
      double scaled = (forecast.points()[i] - actual) / deviation;
      its.add(scaled);
      contender.errors().add(scaled);
    }
    return its.meanAbsolute();
  }

  private static int hour(long millis) {
    return (int) Math.floorMod(Math.floorDiv(millis, HOUR_MILLIS), (long) HOURS);
  }

  private void show(Measured series, int row, Contender.Forecast forecast, double error) {
    TimeSeries all = series.series();
    int horizon = spec.horizon();
    long stepMillis = all.grid().millis();
    if (!selection.wants(series.name(), all.timeMillis(row), stepMillis * horizon, error)) {
      return;
    }
    int targets = spec.targets().size();
    int levels = spec.quantileLevels().size();
    int channel = spec.targets().get(0);
    double[] before = new double[Math.min(row + 1, DRAWN_BEFORE * horizon)];
    for (int i = 0; i < before.length; i++) {
      before[i] = series.value(row + 1 - before.length + i, channel);
    }
    double[] actual = new double[horizon];
    double[] points = new double[horizon];
    double[] lower = new double[levels > 1 ? horizon : 0];
    double[] upper = new double[lower.length];
    for (int step = 0; step < horizon; step++) {
      actual[step] = series.value(row + 1 + step, channel);
      points[step] = forecast.points()[step * targets];
      if (levels > 1) {
        lower[step] = forecast.quantiles()[step * targets * levels];
        upper[step] = forecast.quantiles()[step * targets * levels + levels - 1];
      }
    }
    selection.add(
        new ShownWindow(
            series.name(),
            all.channels().get(channel),
            all.timeMillis(row),
            stepMillis,
            before,
            actual,
            points,
            lower,
            upper,
            error));
  }
}
