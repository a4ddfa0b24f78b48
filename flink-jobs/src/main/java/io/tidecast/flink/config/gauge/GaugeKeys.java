package io.tidecast.flink.config.gauge;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import java.time.Duration;
import java.util.List;

/** The keys that say which forecasts are shown as metrics. */
public final class GaugeKeys {

  public static final ConfigKey<List<String>> SERIES =
      ConfigKey.derived(
              "gauges.series",
              ConfigType.oneOrMore(ConfigType.text()),
              "no forecast is a metric",
              "The newest forecasts of these series are metrics as well, one for each target and"
                  + " each lead of `gauges.forecast-at`, which an autoscaler can read. There may be"
                  + " 100 at most, for each is a label. See [autoscaling](how-to/autoscaling.md).")
          .example("[checkout, search]");
  public static final ConfigKey<List<Duration>> FORECAST_AT =
      ConfigKey.derived(
              "gauges.forecast-at",
              ConfigType.oneOrMore(ConfigType.duration("1s", "366d")),
              "none, and needed with `gauges.series`",
              "A metric shows what the newest forecast says of the time that is so far after now."
                  + " It is no number where the forecast does not reach so far.")
          .example("[1h, 1d]");

  private GaugeKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(SERIES, FORECAST_AT);
  }
}
