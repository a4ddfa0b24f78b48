package io.tidecast.evaluation.backtest;

import io.tidecast.evaluation.Accuracy;
import java.time.Duration;
import java.util.List;

/**
 * What a backtest has found.
 *
 * @param scope what was measured
 * @param forecasters the model first, then the baselines, simplest first
 * @param series each with the error of the model on it, the worst first
 * @param worst windows of the model, the worst first
 * @param shown windows that follow each other, of a few series
 */
public record BacktestReport(
    Scope scope,
    List<Scored> forecasters,
    List<SeriesError> series,
    List<ShownWindow> worst,
    List<List<ShownWindow>> shown) {

  public BacktestReport {
    forecasters = List.copyOf(forecasters);
    series = List.copyOf(series);
    worst = List.copyOf(worst);
    shown = List.copyOf(shown);
  }

  /**
   * What was measured.
   *
   * @param data name of the job file, or of the file of the data
   * @param model id and version
   * @param part such as {@code test}
   * @param split in words
   * @param step from one cell to the next
   * @param horizon steps ahead
   * @param quantileLevels of the model, ascending; empty for points
   * @param maseSeason steps of the season of MASE
   * @param windows that were measured
   * @param leftOut windows that were not
   */
  public record Scope(
      String data,
      String model,
      String part,
      String split,
      Duration step,
      int horizon,
      List<Double> quantileLevels,
      int maseSeason,
      int windows,
      LeftOut leftOut) {}

  /**
   * Windows and series that were not measured.
   *
   * @param unasked windows whose model would not have been asked: too little context, too many gaps
   * @param unknown windows of whose horizon nothing is known that they could be held against
   * @param series of which nothing was measured
   */
  public record LeftOut(int unasked, int unknown, int series) {}

  /**
   * A forecaster.
   *
   * @param smape between 0 and 2
   * @param leads by the step of the horizon
   * @param hours mean absolute error by the hour of the day, in standard deviations; NaN where
   *     there was nothing
   */
  public record Scored(
      String name, Accuracy accuracy, double smape, List<Lead> leads, List<Double> hours) {}

  /** Errors at one step of the horizon, in standard deviations of the training rows. */
  public record Lead(double scaledMse, double scaledMae, double coverage) {}

  /**
   * The error on a series, in standard deviations of its training rows.
   *
   * @param best that of the best baseline
   */
  public record SeriesError(String name, double scaledMae, double best) {}

  /**
   * One window, as it is drawn.
   *
   * @param originMillis time of the last context cell
   * @param stepMillis from one cell to the next
   * @param before the newest values of the context; NaN is missing
   * @param actual what then happened; NaN is missing
   * @param points the forecast
   * @param lower the lowest quantile; empty for points
   * @param upper the highest
   * @param error mean absolute error in standard deviations
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record ShownWindow(
      String series,
      String channel,
      long originMillis,
      long stepMillis,
      double[] before,
      double[] actual,
      double[] points,
      double[] lower,
      double[] upper,
      double error) {}
}
