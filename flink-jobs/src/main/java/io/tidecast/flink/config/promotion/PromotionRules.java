package io.tidecast.flink.config.promotion;

import io.tidecast.flink.config.key.CommandKeys;
import io.tidecast.flink.config.key.MixtureKeys;
import io.tidecast.flink.config.key.ScoreKeys;
import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigValues;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.promotion.PromotionSettings;

/** When a model gives its slot to a better one, and what must hold between those keys. */
public final class PromotionRules {

  private PromotionRules() {}

  /** Checks what is given. */
  public static void check(ConfigValues values) {
    for (ConfigKey<?> key : PromotionKeys.withAction()) {
      if (values.isMissing(PromotionKeys.ACTION) && values.isGiven(key)) {
        values.problem(
            "must go with promotion.action, propose or perform, for without it models are not compared: "
                + key.path());
      }
    }
    needs(values, ScoreKeys.TOPIC, "by which models are compared, such as forecast-scores");
    needs(
        values,
        CommandKeys.TOPIC,
        "in which models are swapped, such as model-commands; what is decided is told in commands.events-topic");
    checkMixture(values);
  }

  private static void checkMixture(ConfigValues values) {
    PromotionSettings.Action action = values.get(PromotionKeys.ACTION);
    if (action != null && values.isGiven(MixtureKeys.MEMBERS)) {
      values.problem(
          "must be left out with mixture.members, for who is better weighs more there without a swap: promotion.action="
              + Spelling.of(action));
    }
  }

  private static void needs(ConfigValues values, ConfigKey<String> key, String what) {
    PromotionSettings.Action action = values.get(PromotionKeys.ACTION);
    if (action != null && values.isMissing(key)) {
      values.problem(
          "must go with %s, %s: promotion.action=%s"
              .formatted(key.path(), what, Spelling.of(action)));
    }
  }

  /** The settings, {@link PromotionSettings#OFF} without an action. */
  public static PromotionSettings settings(ConfigValues values) {
    return new PromotionSettings(
        values.get(PromotionKeys.ACTION),
        values.require(PromotionKeys.METRIC),
        values.require(PromotionKeys.BETTER_BY),
        values.require(PromotionKeys.ORIGINS),
        values.require(PromotionKeys.CONFIDENCE),
        values.get(PromotionKeys.COOL_DOWN),
        values.require(PromotionKeys.NAIVE));
  }
}
