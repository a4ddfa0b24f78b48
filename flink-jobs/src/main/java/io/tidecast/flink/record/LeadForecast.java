package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ForecastRole;

/**
 * What one forecaster says at the leads at which forecasts are scored, and at no other step: a few
 * numbers in the place of a whole horizon.
 *
 * @param issuer the model that made it, or the baseline for a fallback; shared, not copied
 * @param bases one per target: what its points and quantiles are told from, units of the series;
 *     empty where all are 0. Read {@link #point} and {@link #quantile}, which have it in them
 * @param points {@code [lead][target]} row-major, less the base; of the leads within the horizon
 * @param quantiles {@code [lead][target][level]} row-major, less the base; empty without levels
 * @param horizon how many steps the forecast is of
 * @param revision 0 for the first from its origin, then counting
 * @param fallback whether the baseline answered in place of the model
 * @param role whether it is the one forecast of its window, or one beside it
 * @param weight of a member, its share of the forecast that it was mixed into; NaN of any other
 */
public record LeadForecast(
    Issuer issuer,
    double[] bases,
    float[] points,
    float[] quantiles,
    int horizon,
    int revision,
    boolean fallback,
    ForecastRole role,
    double weight) {

  public LeadForecast {
    requireNonNull(issuer, "issuer is null");
    requireNonNull(role, "role is null");
  }

  /**
   * What a forecast says at some leads.
   *
   * @param leads ascending, 1 is the first cell after the origin
   */
  public static LeadForecast of(IssuedForecast forecast, int[] leads) {
    int targets = forecast.issuer().channels();
    int count = within(leads, forecast.horizon());
    return new LeadForecast(
        forecast.issuer(),
        forecast.bases(),
        cut(forecast.points(), targets, leads, count),
        forecast.hasQuantiles()
            ? cut(forecast.quantiles(), targets * forecast.issuer().levels().length, leads, count)
            : forecast.quantiles(),
        forecast.horizon(),
        forecast.revision(),
        forecast.fallback(),
        forecast.role(),
        forecast.weight());
  }

  /**
   * How many leads a horizon reaches.
   *
   * @param leads ascending
   */
  public static int within(int[] leads, int horizon) {
    int count = leads.length;
    while (count > 0 && leads[count - 1] > horizon) {
      count--;
    }
    return count;
  }

  private static float[] cut(float[] steps, int each, int[] leads, int count) {
    float[] cut = new float[count * each];
    for (int i = 0; i < count; i++) {
      System.arraycopy(steps, (leads[i] - 1) * each, cut, i * each, each);
    }
    return cut;
  }

  /**
   * The same as one that others were mixed with.
   *
   * @param share what it weighed, 0 to 1
   */
  public LeadForecast asMember(double share) {
    return new LeadForecast(
        issuer, bases, points, quantiles, horizon, revision, fallback, ForecastRole.MEMBER, share);
  }

  /** Whether there are quantiles beside the points. */
  public boolean hasQuantiles() {
    return quantiles.length > 0;
  }

  /**
   * What is forecast, units of the series.
   *
   * @param lead by its place among the leads
   * @param target in the order of the issuer's targets
   */
  public double point(int lead, int target) {
    return IssuedForecast.told(points[lead * issuer.channels() + target], bases, target);
  }

  /**
   * A quantile of what is forecast, units of the series.
   *
   * @param lead by its place among the leads
   * @param target in the order of the issuer's targets
   * @param level in the order of the issuer's levels
   */
  public double quantile(int lead, int target, int level) {
    int levels = issuer.levels().length;
    return IssuedForecast.told(
        quantiles[(lead * issuer.channels() + target) * levels + level], bases, target);
  }
}
