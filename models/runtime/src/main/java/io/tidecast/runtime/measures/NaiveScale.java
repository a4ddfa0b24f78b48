package io.tidecast.runtime.measures;

import io.tidecast.runtime.grid.GridStep;

/**
 * What MASE divides by: the mean absolute error of the seasonal naive on rows that a model may
 * learn from (Hyndman and Koehler, 2006).
 */
public final class NaiveScale {

  /** An error below this share of a deviation counts as none. */
  private static final double ROUNDING = 1e-9;

  private NaiveScale() {}

  /**
   * Returns the season of the naive forecast: the shortest that rows of the step have by nature,
   * such as a day of hours, a week of days or a year of months, where there are rows of more than
   * one, else a single step.
   */
  public static int season(GridStep step, int rows) {
    return Seasons.of(step).values().stream().findFirst().filter(steps -> steps < rows).orElse(1);
  }

  /**
   * Measures the mean absolute error of each channel.
   *
   * @param values {@code [row][channel]}, units of the series, NaN is missing; rows beyond those
   *     asked for are not read
   * @param rows to measure on
   * @param season in steps, less than {@code rows}
   * @param deviations {@code [channel]}, units of the series: an error that is next to nothing by
   *     this is rounding
   * @return {@code [channel]}, units of the series; 1 where the naive forecast makes no error
   */
  public static double[] of(double[] values, int rows, int season, double[] deviations) {
    int channels = deviations.length;
    double[] errors = new double[channels];
    int[] known = new int[channels];
    for (int i = season * channels; i < rows * channels; i++) {
      double error = Math.abs(values[i] - values[i - season * channels]);
      if (!Double.isNaN(error)) {
        errors[i % channels] += error;
        known[i % channels]++;
      }
    }
    for (int c = 0; c < channels; c++) {
      double error = errors[c] / Math.max(1, known[c]);
      errors[c] = error > ROUNDING * deviations[c] ? error : 1;
    }
    return errors;
  }

  /**
   * Returns MASE: the mean absolute error by that of the seasonal naive.
   *
   * @param naive errors of the seasonal naive one season ahead
   * @return NaN where either has none, or the naive forecast is without an error
   */
  public static double mase(PointErrors errors, PointErrors naive) {
    return naive.meanAbsolute() > 0 ? errors.meanAbsolute() / naive.meanAbsolute() : Double.NaN;
  }

  /**
   * Returns RMSSE: the root of the mean squared error by that of the seasonal naive (the M5
   * competition's measure, with a season in the place of one step).
   *
   * @param naive errors of the seasonal naive one season ahead
   * @return NaN where either has none, or the naive forecast is without an error
   */
  public static double rmsse(PointErrors errors, PointErrors naive) {
    return naive.meanSquare() > 0
        ? Math.sqrt(errors.meanSquare() / naive.meanSquare())
        : Double.NaN;
  }
}
