package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What is to be scored of a series from one origin: what its forecasters say at a few leads. They
 * travel together, for each way costs about the same for one as for all.
 *
 * @param originMillis time of the last context cell
 * @param forecasts one or more
 */
public record LeadForecasts(String series, long originMillis, List<LeadForecast> forecasts)
    implements FromOrigin {

  public LeadForecasts {
    requireNonNull(series, "series is null");
    forecasts = List.copyOf(forecasts);
    if (forecasts.isEmpty()) {
      throw new IllegalArgumentException("must not be empty: forecasts");
    }
  }

  /**
   * A single forecast at some leads.
   *
   * @param leads ascending, 1 is the first cell after the origin
   */
  public static LeadForecasts of(IssuedForecast forecast, int[] leads) {
    return new LeadForecasts(
        forecast.series(), forecast.originMillis(), List.of(LeadForecast.of(forecast, leads)));
  }
}
