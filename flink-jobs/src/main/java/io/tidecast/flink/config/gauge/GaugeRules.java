package io.tidecast.flink.config.gauge;

import static java.util.Objects.requireNonNullElse;

import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.gauges.GaugeSettings;
import java.util.List;

/** Which forecasts are shown as metrics, and what must hold between those keys. */
public final class GaugeRules {

  private GaugeRules() {}

  /** Tells the values what is wrong. */
  public static void check(ConfigValues values) {
    List<String> series = requireNonNullElse(values.get(GaugeKeys.SERIES), List.of());
    boolean oneIsMissing =
        values.isMissing(GaugeKeys.SERIES)
            ? values.isGiven(GaugeKeys.FORECAST_AT)
            : values.isMissing(GaugeKeys.FORECAST_AT);
    if (oneIsMissing) {
      values.problem("must be given together: gauges.series and gauges.forecast-at");
    }
    if (series.size() > GaugeSettings.MOST_SERIES) {
      values.problem(
          "must be at most %d series, for each of them is a label of metrics, and the forecasts of all are in the topic of sink.topic: gauges.series has %d"
              .formatted(GaugeSettings.MOST_SERIES, series.size()));
    }
  }

  /** What the values say, once they are checked. */
  public static GaugeSettings settings(ConfigValues values) {
    return new GaugeSettings(
        requireNonNullElse(values.get(GaugeKeys.SERIES), List.of()),
        requireNonNullElse(values.get(GaugeKeys.FORECAST_AT), List.of()));
  }
}
