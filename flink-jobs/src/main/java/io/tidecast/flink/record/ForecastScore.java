package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.model.ForecastRole;
import io.tidecast.runtime.scores.Figures;

/**
 * How good the forecasts of one model for one target of a series have been lately, at some lead
 * times.
 *
 * @param timeMillis of the newest cell that was scored, epoch milliseconds
 * @param target its name, or its number where it has none
 * @param firstLead the shortest of the lead times, in cells
 * @param lastLead the longest of them
 * @param window over the newest cells
 * @param recent with weights that halve with every half-life
 * @param role what the newest of the forecasts was for
 * @param weight of a member, its share of the newest forecast that it was mixed into, 0 to 1; NaN
 *     of any other
 */
public record ForecastScore(
    String series,
    long timeMillis,
    String modelId,
    String modelVersion,
    String target,
    int firstLead,
    int lastLead,
    Figures window,
    Figures recent,
    ForecastRole role,
    double weight) {

  public ForecastScore {
    requireNonNull(series, "series is null");
    requireNonNull(modelId, "modelId is null");
    requireNonNull(modelVersion, "modelVersion is null");
    requireNonNull(target, "target is null");
    requireNonNull(window, "window is null");
    requireNonNull(recent, "recent is null");
    requireNonNull(role, "role is null");
  }
}
