package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ForecastRole;
import org.jspecify.annotations.Nullable;

/**
 * A forecast on its way to Kafka.
 *
 * @param originMillis time of the last context cell
 * @param issuedAtMillis wall clock when it was made
 * @param issuer the model that made it, or the baseline for a fallback; shared, not copied
 * @param bases one per target: what its points and quantiles are told from, units of the series;
 *     empty where all are 0. Read {@link #point} and {@link #quantile}, which have it in them
 * @param points {@code [horizon][target]} row-major, less the base; of all steps that the model
 *     gives
 * @param quantiles {@code [horizon][target][level]} row-major, less the base; empty without levels
 * @param filledCells missing values that were filled before the model saw the context
 * @param fallback whether the baseline answered in place of the model
 * @param revision 0 for the first from this origin, then counting those from a repaired context
 * @param horizon how many of the steps are wanted; those after are not written
 * @param passed headers that go onto its records, as {@link PassedHeaders} packs them; null for
 *     none; not copied
 * @param role whether it is the one forecast of its window, or one beside it
 * @param weight of a member, its share of the forecast that it was mixed into, 0 to 1, mean over
 *     the steps and targets; NaN of any other
 */
public record IssuedForecast(
    String series,
    long originMillis,
    long issuedAtMillis,
    Issuer issuer,
    double[] bases,
    float[] points,
    float[] quantiles,
    int filledCells,
    boolean fallback,
    int revision,
    int horizon,
    byte @Nullable [] passed,
    ForecastRole role,
    double weight)
    implements FromOrigin {

  private static final double[] NO_BASES = {};

  public IssuedForecast {
    requireNonNull(issuer, "issuer is null");
    requireNonNull(role, "role is null");
    if (bases.length != 0 && bases.length != issuer.channels()) {
      throw new IllegalArgumentException(
          "must be as many as channels=%d, or none: bases=%d"
              .formatted(issuer.channels(), bases.length));
    }
  }

  /** One that was mixed into none. */
  public IssuedForecast(
      String series,
      long originMillis,
      long issuedAtMillis,
      Issuer issuer,
      double[] bases,
      float[] points,
      float[] quantiles,
      int filledCells,
      boolean fallback,
      int revision,
      int horizon,
      byte @Nullable [] passed,
      ForecastRole role) {
    this(
        series,
        originMillis,
        issuedAtMillis,
        issuer,
        bases,
        points,
        quantiles,
        filledCells,
        fallback,
        revision,
        horizon,
        passed,
        role,
        Double.NaN);
  }

  /** The forecast of a window, and none beside it. */
  public IssuedForecast(
      String series,
      long originMillis,
      long issuedAtMillis,
      Issuer issuer,
      double[] bases,
      float[] points,
      float[] quantiles,
      int filledCells,
      boolean fallback,
      int revision,
      int horizon,
      byte @Nullable [] passed) {
    this(
        series,
        originMillis,
        issuedAtMillis,
        issuer,
        bases,
        points,
        quantiles,
        filledCells,
        fallback,
        revision,
        horizon,
        passed,
        ForecastRole.PRIMARY);
  }

  /** Of a series whose numbers are told from 0. */
  public IssuedForecast(
      String series,
      long originMillis,
      long issuedAtMillis,
      Issuer issuer,
      float[] points,
      float[] quantiles,
      int filledCells,
      boolean fallback,
      int revision,
      int horizon) {
    this(
        series,
        originMillis,
        issuedAtMillis,
        issuer,
        NO_BASES,
        points,
        quantiles,
        filledCells,
        fallback,
        revision,
        horizon,
        null);
  }

  /** How many steps the model gives, wanted or not. */
  public int steps() {
    return points.length / issuer.channels();
  }

  /**
   * What is forecast, units of the series.
   *
   * @param step from 0 for the first cell after the origin
   * @param target in the order of the issuer's targets
   */
  public double point(int step, int target) {
    return told(points[step * issuer.channels() + target], target);
  }

  /**
   * A quantile of what is forecast, units of the series.
   *
   * @param step from 0 for the first cell after the origin
   * @param target in the order of the issuer's targets
   * @param level in the order of the issuer's levels
   */
  public double quantile(int step, int target, int level) {
    int levels = issuer.levels().length;
    return told(quantiles[(step * issuer.channels() + target) * levels + level], target);
  }

  /**
   * Copies what is forecast, up to the horizon.
   *
   * @param into {@code [horizon][target]} row-major, units of the series; may be longer
   */
  public void copyPoints(double[] into) {
    copy(points, 1, into);
  }

  /**
   * Copies the quantiles of what is forecast, up to the horizon; there must be some.
   *
   * @param into {@code [horizon][target][level]} row-major, units of the series; may be longer
   */
  public void copyQuantiles(double[] into) {
    copy(quantiles, issuer.levels().length, into);
  }

  /** Steps are the first axis of everything, so those that are wanted are in front. */
  private void copy(float[] lessBases, int each, double[] into) {
    int count = horizon * issuer.channels() * each;
    if (bases.length == 0) {
      for (int i = 0; i < count; i++) {
        into[i] = lessBases[i];
      }
      return;
    }
    for (int i = 0; i < count; ) {
      for (int target = 0; target < bases.length; target++) {
        for (int of = 0; of < each; of++, i++) {
          into[i] = told(lessBases[i], target);
        }
      }
    }
  }

  /**
   * The same as one that others were mixed with.
   *
   * @param share what it weighed, 0 to 1
   */
  public IssuedForecast asMember(double share) {
    return new IssuedForecast(
        series,
        originMillis,
        issuedAtMillis,
        issuer,
        bases,
        points,
        quantiles,
        filledCells,
        fallback,
        revision,
        horizon,
        passed,
        ForecastRole.MEMBER,
        share);
  }

  /** Whether there are quantiles beside the points. */
  public boolean hasQuantiles() {
    return quantiles.length > 0;
  }

  private double told(float lessBase, int target) {
    return told(lessBase, bases, target);
  }

  static double told(float lessBase, double[] bases, int target) {
    // Not 0 + lessBase, which would make 0 of -0.
    return bases.length == 0 || bases[target] == 0 ? lessBase : bases[target] + lessBase;
  }
}
