package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

/**
 * How good the forecasts of one model for one target have been at some lead times.
 *
 * @param of which model, for what
 * @param firstLead the shortest lead time, in steps
 * @param lastLead the longest one
 * @param timeMillis of the newest cell that was scored, epoch milliseconds
 * @param whole over a sliding window of cells
 * @param recent with weights that fade
 */
public record Score(
    Of of,
    int firstLead,
    int lastLead,
    long timeMillis,
    long count,
    Figures whole,
    Figures recent) {

  static final int BYTES = 400;

  /**
   * Whose score it is.
   *
   * @param role of the forecasts; empty where the record does not say
   * @param weight share in the mixture, 0 to 1; NaN where it is not mixed
   */
  public record Of(
      String series, String target, String model, String version, String role, double weight) {
    public Of {
      requireNonNull(series, "series is null");
      requireNonNull(target, "target is null");
      requireNonNull(model, "model is null");
      requireNonNull(version, "version is null");
      requireNonNull(role, "role is null");
    }
  }

  /**
   * The measures. NaN is one that cannot be told.
   *
   * @param mae mean absolute error, units of the series
   * @param naiveMae that of the seasonal naive for the same cells
   * @param mase mae by the error of the seasonal naive one season ahead
   * @param coverage share of the values within the outermost quantiles, 0 to 1
   * @param bias mean of forecast less actual value, units of the series
   */
  public record Figures(double mae, double naiveMae, double mase, double coverage, double bias) {}
}
