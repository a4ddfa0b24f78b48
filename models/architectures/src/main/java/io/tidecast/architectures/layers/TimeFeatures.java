package io.tidecast.architectures.layers;

import static java.util.Objects.requireNonNull;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Checks;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import java.util.List;
import java.util.Map;

/** Calendar features of a step as the official repositories count them. */
public final class TimeFeatures {
  private static final Map<String, List<String>> BY_FREQUENCY =
      Map.of(
          "s",
          List.of(
              "second_of_minute",
              "minute_of_hour",
              "hour_of_day",
              "day_of_week",
              "day_of_month",
              "day_of_year"),
          "t",
          List.of("minute_of_hour", "hour_of_day", "day_of_week", "day_of_month", "day_of_year"),
          "h",
          List.of("hour_of_day", "day_of_week", "day_of_month", "day_of_year"),
          "d",
          List.of("day_of_week", "day_of_month", "day_of_year"),
          "b",
          List.of("day_of_week", "day_of_month", "day_of_year"),
          "w",
          List.of("day_of_month", "week_of_year"),
          "m",
          List.of("month_of_year"));

  private TimeFeatures() {}

  /** Requires a known frequency. */
  public static void requireFrequency(String freq) {
    Checks.require(
        freq != null && BY_FREQUENCY.containsKey(freq), "freq must be one of s t h d b w m", freq);
  }

  /** Requires features of the calendar; tables of months and hours are of older checkpoints. */
  public static void requireEmbedding(String embed) {
    Checks.require("timeF".equals(embed), "embed must be timeF", embed);
  }

  /**
   * Returns the features of a step of that frequency.
   *
   * @throws IllegalArgumentException if the frequency is not known
   */
  public static List<String> names(String freq) {
    requireFrequency(freq);
    return requireNonNull(BY_FREQUENCY.get(freq));
  }

  /** How many features a step of that frequency has. */
  public static int count(String freq) {
    return names(freq).size();
  }

  /** The ports of an encoder and decoder that see time features. */
  public static List<Port> ports(ArchitectureConfig config, String freq) {
    int features = count(freq);
    return List.of(
        Port.of(Role.CONTEXT, -1, config.seqLen(), config.encIn()),
        Port.of(Role.CONTEXT_TIME_FEATURES, -1, config.seqLen(), features),
        Port.of(Role.FUTURE_TIME_FEATURES, -1, config.predLen(), features));
  }

  /** The features of the newest {@code labelLen} steps of the context and of all steps ahead. */
  public static <T> T ofDecoder(Ops<T> ops, Inputs<T> in, int seqLen, int labelLen) {
    T newest = ops.slice(in.get(Role.CONTEXT_TIME_FEATURES), 1, seqLen - labelLen, labelLen);
    return ops.concat(List.of(newest, in.get(Role.FUTURE_TIME_FEATURES)), 1);
  }
}
