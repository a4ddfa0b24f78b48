package io.tidecast.flink.gauges;

import io.tidecast.flink.record.IssuedForecast;
import java.util.Set;
import org.apache.flink.api.common.functions.FilterFunction;

/** Passes the forecasts of the series that are shown, before anything crosses the network. */
public final class ChosenSeries implements FilterFunction<IssuedForecast> {

  private static final long serialVersionUID = 1L;

  private final Set<String> series;

  /** Passes those of the settings. */
  public ChosenSeries(GaugeSettings settings) {
    this.series = Set.copyOf(settings.series());
  }

  @Override
  public boolean filter(IssuedForecast forecast) {
    return series.contains(forecast.series());
  }
}
