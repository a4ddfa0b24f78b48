package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.Accuracy;
import io.tidecast.runtime.measures.PointErrors;
import io.tidecast.runtime.measures.QuantileErrors;
import io.tidecast.runtime.measures.SignedErrors;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Adds up how far the forecasts of one forecaster were off. One thread. */
final class Scores {

  private static final int HOURS = 24;

  private final int levels;
  private final PointErrors raw = new PointErrors();
  private final PointErrors scaled = new PointErrors();
  private final PointErrors relative = new PointErrors();
  private final SignedErrors signed = new SignedErrors();
  private final QuantileErrors quantiles;
  private final PointErrors[] leads;
  private final PointErrors[] hours;
  private final QuantileErrors[] leadQuantiles;
  private int windows;
  private double actuals;

  /**
   * @param levels of the quantiles, ascending; empty for points
   */
  Scores(int horizon, List<Double> levels) {
    this.levels = levels.size();
    this.quantiles = new QuantileErrors(levels);
    this.leads = errors(horizon);
    this.hours = errors(HOURS);
    this.leadQuantiles =
        Stream.generate(() -> new QuantileErrors(levels))
            .limit(horizon)
            .toArray(QuantileErrors[]::new);
  }

  private static PointErrors[] errors(int count) {
    return Stream.generate(PointErrors::new).limit(count).toArray(PointErrors[]::new);
  }

  /** A window is about to be added. */
  void window() {
    windows++;
  }

  /**
   * Adds one value of the window.
   *
   * @param at where it is
   * @param point the forecast, units of the series
   */
  void add(Target at, double point, double actual) {
    double error = point - actual;
    raw.add(error);
    scaled.add(error / at.deviation());
    relative.add(error / at.naiveError());
    signed.add(point, actual);
    actuals += Math.abs(actual);
    leads[at.step()].add(error / at.deviation());
    hours[at.hour()].add(error / at.deviation());
  }

  /** Adds the quantiles of the same value, which begin there. */
  void addQuantiles(Target at, double[] of, int first, double actual) {
    if (levels > 0) {
      quantiles.add(of, first, actual);
      leadQuantiles[at.step()].add(of, first, actual);
    }
  }

  /**
   * Where a value is.
   *
   * @param step of the horizon, counted from 0
   * @param hour of the day, UTC
   * @param deviation of the training rows of its channel
   * @param naiveError of the seasonal naive on them
   */
  record Target(int step, int hour, double deviation, double naiveError) {}

  BacktestReport.Scored of(String name) {
    return new BacktestReport.Scored(
        name,
        new Accuracy(
            windows,
            raw.meanSquare(),
            raw.meanAbsolute(),
            scaled.meanSquare(),
            scaled.meanAbsolute(),
            relative.meanAbsolute(),
            (levels == 0 ? raw.sumOfAbsolutes() : quantiles.weightedSum()) / actuals,
            quantiles.coverage()),
        signed.meanSymmetric(raw.weight()),
        IntStream.range(0, leads.length)
            .mapToObj(
                step ->
                    new BacktestReport.Lead(
                        leads[step].meanSquare(),
                        leads[step].meanAbsolute(),
                        leadQuantiles[step].coverage()))
            .toList(),
        Stream.of(hours).map(PointErrors::meanAbsolute).toList());
  }
}
