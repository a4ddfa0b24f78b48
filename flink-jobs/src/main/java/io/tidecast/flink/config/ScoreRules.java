package io.tidecast.flink.config;

import io.tidecast.flink.config.key.ScoreKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.scores.ScoresSettings;
import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.util.List;

/** How forecasts are scored, and what must hold between those keys. */
final class ScoreRules {

  private ScoreRules() {}

  static void check(ConfigValues values) {
    for (ConfigKey<?> key : ScoreKeys.withTopic()) {
      if (values.isMissing(ScoreKeys.TOPIC) && values.isGiven(key)) {
        values.problem(
            "must go with scores.topic, for without it forecasts are not scored: " + key.path());
      }
    }
    List<Integer> leads = values.get(ScoreKeys.LEADS);
    for (int i = 1; leads != null && i < leads.size(); i++) {
      if (leads.get(i) <= leads.get(i - 1)) {
        values.problem("must ascend: scores.leads=%s".formatted(leads));
        break;
      }
    }
    Duration season = values.get(ScoreKeys.SEASON);
    GridStep step = values.get(ConfigKeys.STEP);
    if (season != null && step != null && season.toMillis() % step.millis() != 0) {
      values.problem(
          "must be a multiple of series.step=%s: scores.season=%s"
              .formatted(step.length(), season));
    }
  }

  static ScoresSettings scores(ConfigValues values) {
    return new ScoresSettings(
        values.get(ScoreKeys.TOPIC),
        values.get(ScoreKeys.LEADS),
        values.require(ScoreKeys.WINDOW),
        values.require(ScoreKeys.HALF_LIFE),
        values.get(ScoreKeys.SEASON),
        values.get(ScoreKeys.EVERY));
  }
}
