package io.tidecast.flink.gauges;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Which forecasts a job shows as metrics.
 *
 * @param series by their keys; empty for none
 * @param leads how far after now, each positive
 */
public record GaugeSettings(List<String> series, List<Duration> leads) implements Serializable {

  /** So many series can be shown at most: each of them is a label of metrics. */
  public static final int MOST_SERIES = 100;

  /** So many metrics can come of them at most. */
  public static final int MOST_GAUGES = 1_000;

  /** No forecast is shown. */
  public static final GaugeSettings OFF = new GaugeSettings(List.of(), List.of());

  public GaugeSettings {
    series = List.copyOf(series);
    leads = List.copyOf(leads);
    if (series.size() > MOST_SERIES) {
      throw new IllegalArgumentException(
          "must be at most " + MOST_SERIES + ": series=" + series.size());
    }
  }

  /** Whether any forecast is shown. */
  public boolean isOn() {
    return !series.isEmpty();
  }

  /**
   * How many metrics there are.
   *
   * @param targets of a forecast
   */
  public long gauges(int targets) {
    return (long) series.size() * leads.size() * targets;
  }
}
