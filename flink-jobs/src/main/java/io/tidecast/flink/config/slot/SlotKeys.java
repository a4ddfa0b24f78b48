package io.tidecast.flink.config.slot;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.model.ForecastRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The list of the models that a job has beside that of {@code model.path}, and its parts. */
public final class SlotKeys {

  public static final ConfigKey<List<Map<String, Object>>> MODELS =
      ConfigKey.derived(
              "models",
              maps(),
              "`model.path` is the only model",
              "The job has these models beside that of `model.path`. The first one with the role `primary` whose `series` and `group` match a series answers it in place of that of `model.path`, every one with the role `shadow` that matches forecasts it besides, and what those with the role `member` forecast is mixed in. Other keys of `model` hold for all of them. See [several models](how-to/several-models.md).")
          .example("[{name: heat, path: models/heat/3, series: \"plant-*/heat\"}]");

  static final ConfigKey<String> NAME =
      ConfigKey.required(
              "models[].name",
              ConfigType.matching(
                  "1 to 63 of the characters a-z A-Z 0-9 . _ -, and not default",
                  "(?!default$)[a-zA-Z0-9._-]{1,63}"),
              "The model is called so, and so is each version that takes its place. No two have the same name.")
          .example("heat");
  static final ConfigKey<String> PATH =
      ConfigKey.required(
              "models[].path",
              ConfigType.text(),
              "The model is read from this folder, as that of `model.path` is.")
          .example("models/heat/3");
  static final ConfigKey<String> SERIES =
      ConfigKey.derived(
              "models[].series",
              ConfigType.text(),
              "series of any name",
              "The model is for series whose whole name matches this pattern, in which `*` stands for any characters. A pattern that begins with `*` needs quotes.")
          .example("plant-*/heat");
  static final ConfigKey<String> GROUP =
      ConfigKey.derived(
              "models[].group",
              ConfigType.text(),
              "series of any group, and of none",
              "The model is for series whose records name a group, by `source.mapping.group`, that matches this pattern. With `series` as well, both must match.")
          .example("north-*");
  static final ConfigKey<ForecastRole> ROLE =
      ConfigKey.optional(
          "models[].role",
          ConfigType.oneOf(ForecastRole.class),
          "primary",
          "A `primary` answers its series, and must have `series` or `group`. A `shadow` forecasts them besides, to be looked at, and its forecasts go to `sink.shadow-topic`. What a `member` forecasts is mixed into what its series are given, by `mixture.members`.");
  static final ConfigKey<Integer> HORIZON =
      ConfigKey.derived(
              "models[].horizon",
              ConfigType.count(1, 100_000, "steps"),
              "the model's prediction length",
              "Forecasts of this model reach so many steps ahead, as `model.horizon` says it of that of `model.path`.")
          .example("24");
  static final ConfigKey<Integer> MIN_CONTEXT =
      ConfigKey.derived(
              "models[].min-context",
              ConfigType.count(1, 1_000_000, "cells since the first observation of a series"),
              "the context length of the model",
              "The model is asked once a series of its own has this many cells, as `series.min-context` says it of that of `model.path`. Shadows and members are asked when the primary is.")
          .example("48");

  private SlotKeys() {}

  /** What an entry of the list has, in the order of the reference page. */
  public static List<ConfigKey<?>> parts() {
    return List.of(NAME, PATH, SERIES, GROUP, ROLE, HORIZON, MIN_CONTEXT);
  }

  @SuppressWarnings("unchecked") // Names are looked at one by one.
  private static ConfigType<List<Map<String, Object>>> maps() {
    return new ConfigType<>(
        "a list of maps, each with `name` and `path`",
        raw -> {
          if (!(raw instanceof List<?> list)) {
            throw new IllegalArgumentException();
          }
          List<Map<String, Object>> maps = new ArrayList<>();
          for (Object one : list) {
            if (!(one instanceof Map<?, ?> map)
                || !map.keySet().stream().allMatch(String.class::isInstance)) {
              throw new IllegalArgumentException();
            }
            maps.add((Map<String, Object>) map);
          }
          return maps;
        },
        ConfigType.Display.VALUES);
  }
}
