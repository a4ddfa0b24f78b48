package io.tidecast.runtime.anomalies;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.manifest.Checks;

/**
 * A forecast that cells are to be held against.
 *
 * @param source who made it from which origin
 * @param revision 0 for the first from this origin; a later one takes its place
 * @param channels {@code [target]}, which channel of the series each is; not copied
 * @param horizon number of cells that it is of
 * @param points what it says; read while it is taken, and not kept
 */
public record Expectation(
    Source source, int revision, int[] channels, int horizon, ExpectedPoints points) {

  public Expectation {
    requireNonNull(source, "source is null");
    requireNonNull(channels, "channels is null");
    requireNonNull(points, "points is null");
    Checks.require(revision >= 0, "must not be negative", "revision", revision);
    Checks.positive("horizon", horizon);
  }
}
