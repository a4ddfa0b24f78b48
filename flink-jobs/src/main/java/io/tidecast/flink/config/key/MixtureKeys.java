package io.tidecast.flink.config.key;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.config.value.ConfigType.Display;
import io.tidecast.flink.mixture.NaiveMember;
import java.util.List;

/** The keys that say how forecasts are mixed and calibrated. */
public final class MixtureKeys {

  /** The member that every mixture has. */
  public static final String MODEL = "model";

  /** The end of a season that is a number of cells. */
  public static final String CELLS = "cells";

  public static final ConfigKey<List<String>> MEMBERS =
      ConfigKey.derived(
              "mixture.members",
              ConfigType.oneOrMore(
                  ConfigType.matching(
                      "model, repeat-last, linear, or seasonal-naive- with the length of the season, such as seasonal-naive-1d",
                      "model|repeat-last|linear|"
                          + NaiveMember.SEASONAL
                          + "[1-9]\\d{0,9}(ms|s|min|h|d|"
                          + CELLS
                          + ")")),
              "forecasts are not mixed",
              "Forecasts are a weighted mean of what these say, and of what models with the role `member` say. Who has been right lately counts more. `model` is the model that answers the series and must be among them, `seasonal-naive-1d` repeats the last day, `repeat-last` the last value, and `linear` goes on as the line through the model's context. A season must be a multiple of `series.step`, or a number of cells such as `seasonal-naive-12cells`. See [mixtures](how-to/mixture.md).")
          .example("[model, seasonal-naive-1d, seasonal-naive-7d, repeat-last]");
  public static final ConfigKey<Boolean> SHOW_MEMBERS =
      ConfigKey.optional(
          "mixture.show-members",
          ConfigType.flag(),
          false,
          "With `true`, what each member of a mixture forecast is written to `sink.shadow-topic`, with the role `member` and its weight.");
  public static final ConfigKey<List<Double>> LEVELS =
      ConfigKey.derived(
              "calibration.levels",
              ConfigType.oneOrMore(
                  new ConfigType<>(
                      "a number above 0 and below 1",
                      raw -> {
                        if (raw instanceof Number number
                            && number.doubleValue() > 0
                            && number.doubleValue() < 1) {
                          return number.doubleValue();
                        }
                        throw new IllegalArgumentException();
                      },
                      Display.VALUES)),
              "forecasts have the quantiles of their model; mixtures those levels of the model that have a partner, or else 0.05, 0.25, 0.5, 0.75 and 0.95",
              "Forecasts have quantiles of these levels, learned for each series from how far its forecasts have been off, so that as much lies below each as its level says. They must ascend, and with each there must be its partner, as 0.95 with 0.05. See [mixtures](how-to/mixture.md#calibration-alone).")
          .example("[0.05, 0.25, 0.5, 0.75, 0.95]");

  private MixtureKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(MEMBERS, SHOW_MEMBERS, LEVELS);
  }
}
