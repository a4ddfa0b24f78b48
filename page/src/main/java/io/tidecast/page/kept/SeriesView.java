package io.tidecast.page.kept;

import java.util.List;

/**
 * What has changed of one target of a series since somebody looked last.
 *
 * @param mark to ask with for the next changes
 * @param targets of the series
 * @param target the one that this is about
 * @param cellMillis times of cells that changed, ascending, epoch milliseconds
 * @param cellValues their values, in the units of the series; NaN where one is missing
 * @param origins of the primary forecasts that are kept, ascending, epoch milliseconds
 * @param fans forecasts that came, of the target alone: points {@code [horizon]}, quantiles {@code
 *     [horizon][level]}
 * @param scores all that there are, if one of them changed; otherwise none
 * @param breaches that came
 */
public record SeriesView(
    String series,
    long mark,
    List<String> targets,
    String target,
    long[] cellMillis,
    double[] cellValues,
    long[] origins,
    List<Fan> fans,
    List<Score> scores,
    List<Breach> breaches) {

  /** Whether nothing has changed. */
  public boolean isEmpty() {
    return cellMillis.length == 0 && fans.isEmpty() && scores.isEmpty() && breaches.isEmpty();
  }
}
