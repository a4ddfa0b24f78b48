package io.tidecast.flink.config.anomaly;

import io.tidecast.flink.anomalies.AnomaliesSettings;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ConfigType.Display;
import io.tidecast.runtime.anomalies.AnomalySettings;
import io.tidecast.runtime.anomalies.AnomalySettings.Interval;
import io.tidecast.runtime.anomalies.RunRule;
import io.tidecast.runtime.anomalies.Sides;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that say what an anomaly is. */
public final class AnomalyKeys {

  private static final Pattern RUN = Pattern.compile("(\\d{1,3}) of (\\d{1,3})");

  public static final ConfigKey<String> TOPIC =
      ConfigKey.derived(
              "anomalies.topic",
              ConfigType.topic(),
              "no anomalies are looked for",
              "The job holds every value against the forecast that expected it, and writes those"
                  + " that lie outside of its interval to this topic, in the format of"
                  + " `sink.format`. It works with any model, for the interval is learned from the"
                  + " errors of the forecasts. See [anomalies](how-to/anomalies.md).")
          .example("anomalies");
  public static final ConfigKey<Double> LEVEL =
      ConfigKey.optional(
              "anomalies.level",
              number("a number above 0 and below 1", value -> value > 0 && value < 1),
              AnomaliesSettings.DEFAULT_LEVEL,
              "The interval around a forecast is meant to hold this share of the values, half of"
                  + " the others above it and half below. Another level begins the intervals anew.")
          .example("0.99");
  public static final ConfigKey<Integer> WINDOW =
      ConfigKey.optional(
              "anomalies.window",
              ConfigType.count(Interval.FEWEST_CELLS, Interval.MOST_CELLS, "cells"),
              AnomaliesSettings.DEFAULT_WINDOW,
              "The interval is made of the errors of so many of the newest cells of its series, or"
                  + " up to a quarter less, since the window moves on by quarters. It must be at"
                  + " least 2 / (1 - level), such as 1,000 for the default. Another number begins"
                  + " the intervals anew.")
          .example("4000");
  public static final ConfigKey<RunRule> RUN_RULE =
      ConfigKey.optional(
              "anomalies.run",
              new ConfigType<>(
                  "two numbers such as 2 of 3, the second at most " + RunRule.MOST,
                  AnomalyKeys::run,
                  Display.VALUES),
              "1 of 1",
              "So many of the newest values must lie outside on one side before the newest is an"
                  + " anomaly. Missing values are passed over.")
          .example("2 of 3");
  public static final ConfigKey<Sides> DIRECTION =
      ConfigKey.optional(
          "anomalies.direction",
          ConfigType.oneOf(Sides.class),
          "both",
          "With `above`, only values above what was expected are anomalies, and with `below` only"
              + " those below it. With `both`, all of them are.");
  public static final ConfigKey<Double> MINIMUM =
      ConfigKey.optional(
              "anomalies.minimum",
              number("a number of 0 or more", value -> value >= 0),
              0,
              "A value that is off by no more than this is no anomaly, however narrow the interval."
                  + " It is in the units of the series.")
          .example("2.5");
  public static final ConfigKey<Double> MINIMUM_SHARE =
      ConfigKey.optional(
              "anomalies.minimum-share",
              number("a number of 0 or more", value -> value >= 0),
              0,
              "A value that is off by no more than this share of what was expected is no anomaly,"
                  + " such as 0.05 for 5 %.")
          .example("0.05");
  public static final ConfigKey<Integer> COOL_DOWN =
      ConfigKey.optional(
              "anomalies.cool-down",
              ConfigType.count(0, 1_000_000, "cells"),
              0,
              "After an anomaly no other is told of the same target for so many cells. A shift of"
                  + " level is.")
          .example("12");
  public static final ConfigKey<Integer> SHIFT_CELLS =
      ConfigKey.optional(
              "anomalies.shift-cells",
              ConfigType.countOr("off", 2, AnomalySettings.MOST_SHIFT_CELLS, "cells"),
              AnomaliesSettings.DEFAULT_SHIFT_CELLS,
              "Once a series has stayed far outside on one side for so many cells, or longer when"
                  + " it is less far, its level has shifted. That is told once, and values are"
                  + " expected on the new level until the forecasts follow. Another number begins"
                  + " the intervals anew.")
          .example("24");
  public static final ConfigKey<Integer> LONGEST_LEAD =
      ConfigKey.derived(
              "anomalies.longest-lead",
              ConfigType.count(1, 30_000, "cells"),
              "the horizon",
              "A value is held against the newest forecast that named its cell, and against none if"
                  + " that was made more than so many cells before. A shorter one takes less memory"
                  + " where forecasts are made often.")
          .example("24");

  private AnomalyKeys() {}

  private static ConfigType<Double> number(String range, DoublePredicate isIn) {
    return new ConfigType<>(
        range,
        raw -> {
          if (raw instanceof Number number && isIn.test(number.doubleValue())) {
            double value = number.doubleValue();
            if (Double.isFinite(value)) {
              return value;
            }
          }
          throw new IllegalArgumentException();
        },
        Display.VALUES);
  }

  private static RunRule run(Object raw) {
    Matcher matcher = RUN.matcher(String.valueOf(raw));
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    return new RunRule(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(
        TOPIC,
        LEVEL,
        WINDOW,
        RUN_RULE,
        DIRECTION,
        MINIMUM,
        MINIMUM_SHARE,
        COOL_DOWN,
        SHIFT_CELLS,
        LONGEST_LEAD);
  }
}
