package io.tidecast.page.kept;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A forecast of a series, for a picture: floats are exact enough for that.
 *
 * @param by who made it
 * @param originMillis time of the last cell it was made from, epoch milliseconds
 * @param issuedMillis wall clock when it was made, epoch milliseconds
 * @param targets what is forecast; names, or numbers counted from 0
 * @param values of the targets
 */
public record Fan(
    String series,
    Maker by,
    long originMillis,
    long issuedMillis,
    List<String> targets,
    Values values) {

  /** The role of the one forecast that a series is given. */
  public static final String PRIMARY = "primary";

  private static final int OVERHEAD_BYTES = 300;

  /**
   * Who made a forecast.
   *
   * @param role {@link #PRIMARY}, or that of one beside it
   * @param fallback whether the baseline answered in place of the model
   * @param weight share in the mixture, 0 to 1; NaN where it is not mixed
   * @param revision counts those that were made again from the same origin
   */
  public record Maker(
      String model, String version, String role, boolean fallback, double weight, int revision) {
    public Maker {
      requireNonNull(model, "model is null");
      requireNonNull(version, "version is null");
      requireNonNull(role, "role is null");
    }
  }

  /**
   * What is expected.
   *
   * @param timesMillis of the points, ascending, epoch milliseconds
   * @param points {@code [horizon][target]}, row-major; NaN where one is missing; not copied
   * @param levels of the quantiles, ascending, each between 0 and 1
   * @param quantiles {@code [horizon][target][level]}, row-major; not copied
   */
  public record Values(long[] timesMillis, float[] points, double[] levels, float[] quantiles) {}

  public Fan {
    requireNonNull(series, "series is null");
    targets = List.copyOf(targets);
    long points = (long) values.timesMillis.length * targets.size();
    if (values.points.length != points
        || values.quantiles.length != points * values.levels.length) {
      throw new IllegalArgumentException(
          "points and quantiles must be those of %d steps, %d targets and %d levels: %d and %d"
              .formatted(
                  values.timesMillis.length,
                  targets.size(),
                  values.levels.length,
                  values.points.length,
                  values.quantiles.length));
    }
  }

  boolean isPrimary() {
    return by.role.equals(PRIMARY);
  }

  /** About what it takes of memory. */
  long bytes() {
    return OVERHEAD_BYTES
        + (long) Long.BYTES * values.timesMillis.length
        + (long) Float.BYTES * (values.points.length + values.quantiles.length);
  }
}
