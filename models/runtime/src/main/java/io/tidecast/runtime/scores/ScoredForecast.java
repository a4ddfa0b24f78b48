package io.tidecast.runtime.scores;

import io.tidecast.runtime.manifest.Checks;

/**
 * A forecast that is to be scored.
 *
 * @param by who made it
 * @param origin number of the last cell of its context
 * @param revision 0 for the first from this origin; a later one takes its place
 * @param horizon number of cells that it is of
 * @param values what it says; read while it is added, and not kept
 * @param role what it is for, which its scores say
 * @param weight its share of a forecast that it was mixed into; NaN where it was mixed into none
 */
public record ScoredForecast(
    Contestant by,
    long origin,
    int revision,
    int horizon,
    ForecastValues values,
    String role,
    double weight) {

  /** The role of the forecast that a series is given. */
  public static final String PRIMARY = "primary";

  public ScoredForecast {
    Checks.require(revision >= 0, "must not be negative", "revision", revision);
    Checks.positive("horizon", horizon);
  }

  /** The forecast of a series, mixed into none. */
  public ScoredForecast(
      Contestant by, long origin, int revision, int horizon, ForecastValues values) {
    this(by, origin, revision, horizon, values, PRIMARY, Double.NaN);
  }
}
