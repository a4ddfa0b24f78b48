package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.scores.ScoresSettings;
import io.tidecast.runtime.scores.ScoreSettings;
import java.time.Duration;
import java.util.List;

/** The keys that say how forecasts are scored. */
public final class ScoreKeys {

  public static final ConfigKey<String> TOPIC =
      ConfigKey.derived(
              "scores.topic",
              ConfigType.topic(),
              "forecasts are not scored",
              "The job holds every forecast against the values that then come, and writes how good each model has been lately to this topic, in the format of `sink.format`. See [scores](how-to/scores.md).")
          .example("forecast-scores");
  public static final ConfigKey<List<Integer>> LEADS =
      ConfigKey.derived(
              "scores.leads",
              ConfigType.oneOrMore(ConfigType.count(1, ScoreSettings.LONGEST_LEAD, "cells")),
              "1, 2, 4, 8 and so on below the horizon, and the horizon",
              "Forecasts are scored so many cells after their origin, and not in between. The numbers must ascend. Another list begins the scores anew.")
          .example("[1, 24, 48]");
  public static final ConfigKey<Integer> WINDOW =
      ConfigKey.optional(
              "scores.window",
              ConfigType.count(ScoreSettings.BLOCKS, 1_000_000, "cells"),
              ScoresSettings.DEFAULT_WINDOW,
              "The figures of a score are over so many of the newest cells of its series, or up to a third less, since the window moves on by thirds. Another number begins the scores anew.")
          .example("336");
  public static final ConfigKey<Integer> HALF_LIFE =
      ConfigKey.optional(
              "scores.half-life",
              ConfigType.count(1, 1_000_000, "cells"),
              ScoresSettings.DEFAULT_HALF_LIFE,
              "The figures of a score that begin with `recent` weigh an error half as much after so many cells. Another number begins the scores anew.")
          .example("48");
  public static final ConfigKey<Duration> SEASON =
      ConfigKey.derived(
              "scores.season",
              ConfigType.duration("1ms", "3660d"),
              "the season of the baseline, see `model.season`",
              "Forecasts are compared with a seasonal naive, which repeats the values of this time before. It must be a multiple of `series.step`. Another season begins the scores anew.")
          .example("1d");
  public static final ConfigKey<Integer> EVERY =
      ConfigKey.derived(
              "scores.every",
              ConfigType.count(1, 1_000_000, "cells"),
              "as many as the horizon",
              "The scores of a model are written when so many cells of a series have closed since the last time. They are written less often where there would be more scores than forecasts.")
          .example("24");

  private ScoreKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(TOPIC, LEADS, WINDOW, HALF_LIFE, SEASON, EVERY);
  }

  /** Those that mean something only with a topic. */
  public static List<ConfigKey<?>> withTopic() {
    return List.of(LEADS, WINDOW, HALF_LIFE, SEASON, EVERY);
  }
}
