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
 */
public record ScoredForecast(
    Contestant by, long origin, int revision, int horizon, ForecastValues values) {

  public ScoredForecast {
    Checks.require(revision >= 0, "must not be negative", "revision", revision);
    Checks.positive("horizon", horizon);
  }
}
