package io.tidecast.flink.config.anomaly;

import io.tidecast.flink.anomalies.AnomaliesSettings;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.AnomalySettings.Rule;

/** How anomalies are looked for, and what must hold between those keys. */
public final class AnomalyRules {

  private AnomalyRules() {}

  /** Refuses what does not go together. */
  public static void check(ConfigValues values) {
    for (ConfigKey<?> key : AnomalyKeys.all()) {
      if (values.isMissing(AnomalyKeys.TOPIC)
          && !key.equals(AnomalyKeys.TOPIC)
          && values.isGiven(key)) {
        values.problem(
            "must go with anomalies.topic, for without it no anomalies are looked for: "
                + key.path());
      }
    }
    Double level = values.get(AnomalyKeys.LEVEL);
    Integer window = values.get(AnomalyKeys.WINDOW);
    if (level == null || window == null) {
      return;
    }
    double beyond = (1 - level) / 2 * (window + 1);
    if (beyond < 1 - 1e-9) {
      values.problem(
          "must be at least %d cells, of which one lies beyond each end of the interval: anomalies.window=%d, anomalies.level=%s"
              .formatted(Math.round(2 / (1 - level)), window, level));
    } else if (beyond >= Interval.MOST_BEYOND + 1) {
      values.problem(
          "must be at most %d cells, of which %d lie beyond each end of the interval: anomalies.window=%d, anomalies.level=%s"
              .formatted(
                  Math.round(Interval.MOST_BEYOND * 2 / (1 - level)),
                  Interval.MOST_BEYOND,
                  window,
                  level));
    }
  }

  /** Returns what was said of anomalies, of values that were not refused. */
  public static AnomaliesSettings anomalies(ConfigValues values) {
    return new AnomaliesSettings(
        values.get(AnomalyKeys.TOPIC),
        new Interval(values.require(AnomalyKeys.LEVEL), values.require(AnomalyKeys.WINDOW)),
        new Rule(
            values.require(AnomalyKeys.RUN_RULE),
            values.require(AnomalyKeys.DIRECTION),
            values.require(AnomalyKeys.MINIMUM),
            values.require(AnomalyKeys.MINIMUM_SHARE),
            values.require(AnomalyKeys.COOL_DOWN)),
        values.require(AnomalyKeys.SHIFT_CELLS),
        values.get(AnomalyKeys.LONGEST_LEAD));
  }
}
