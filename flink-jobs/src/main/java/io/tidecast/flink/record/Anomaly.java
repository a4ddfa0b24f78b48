package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.anomalies.Finding.Kind;
import io.tidecast.runtime.anomalies.Side;

/**
 * A value that a series was not expected to have, or a level that it has moved to. Series, target,
 * time and kind name it: a later one takes the place of an earlier one.
 *
 * @param target its name, or its number where it has none
 * @param timeMillis of the cell, epoch milliseconds
 * @param kind what was found
 * @param side on which side of what was expected
 * @param value of the cell, units of the series
 * @param expected in its place, units of the series
 * @param interval that it was held against
 * @param score how far out it lies: 1 is the threshold
 * @param run the values that speak for it
 * @param source the forecast that expected it
 * @param revision tells apart what is told of one series, target, time and kind; 0 for the first
 * @param withdrawn whether a late correction took back what an earlier one said
 */
public record Anomaly(
    String series,
    String target,
    long timeMillis,
    Kind kind,
    Side side,
    double value,
    double expected,
    Interval interval,
    double score,
    Run run,
    Source source,
    int revision,
    boolean withdrawn) {

  public Anomaly {
    requireNonNull(series, "series is null");
    requireNonNull(target, "target is null");
    requireNonNull(kind, "kind is null");
    requireNonNull(side, "side is null");
    requireNonNull(interval, "interval is null");
    requireNonNull(run, "run is null");
    requireNonNull(source, "source is null");
  }

  /**
   * Which values were expected, units of the series.
   *
   * @param lower end
   * @param upper end
   * @param level the share of values that it is meant to hold
   */
  public record Interval(double lower, double upper, double level) {}

  /**
   * The values that speak for an anomaly or a shift of level.
   *
   * @param outside how many lay outside on its side
   * @param among of how many
   * @param sinceMillis time of the first of them, epoch milliseconds
   * @param levelBefore of a shift, units of the series; NaN for an anomaly
   * @param levelAfter of a shift, units of the series; NaN for an anomaly
   */
  public record Run(
      int outside, int among, long sinceMillis, double levelBefore, double levelAfter) {}

  /**
   * The forecast that expected a value.
   *
   * @param originMillis time of the last cell of its context, epoch milliseconds
   * @param lead how many cells later the value is
   * @param modelId of who made it
   * @param modelVersion of who made it
   */
  public record Source(long originMillis, int lead, String modelId, String modelVersion) {

    public Source {
      requireNonNull(modelId, "modelId is null");
      requireNonNull(modelVersion, "modelVersion is null");
    }
  }
}
