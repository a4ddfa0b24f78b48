package io.tidecast.flink.config.promotion;

import io.tidecast.flink.config.value.ConfigKey;
import io.tidecast.flink.config.value.ConfigType;
import io.tidecast.flink.promotion.PromotionSettings;
import io.tidecast.runtime.promotion.PromotionRule;
import io.tidecast.runtime.scores.LossMetric;
import java.util.List;

/** The keys that say when a model gives its slot to a better one. */
public final class PromotionKeys {

  public static final ConfigKey<PromotionSettings.Action> ACTION =
      ConfigKey.derived(
          "promotion.action",
          ConfigType.oneOf(PromotionSettings.Action.class),
          "models are not compared",
          "The job compares the model that answers with its shadows and with the seasonal naive, see [promote models](how-to/promote-models.md). Where a shadow is better by the rule below, `propose` says so in `commands.events-topic`, and `perform` also writes the commands to `commands.topic` that swap the two. It needs `scores.topic` and `commands.topic`.");
  public static final ConfigKey<LossMetric> METRIC =
      ConfigKey.optional(
          "promotion.metric",
          ConfigType.oneOf(LossMetric.class),
          "mae",
          "Models are compared by this error of every forecast, divided by that of the seasonal naive so that large series do not decide alone: the absolute error (`mae`), the squared error (`mse`), or what CRPS is for the quantiles (`crps`), where a model without quantiles counts with its absolute error.");
  public static final ConfigKey<Double> BETTER_BY =
      ConfigKey.optional(
              "promotion.better-by",
              ConfigType.numberWithin(0, .99),
              PromotionSettings.DEFAULT_BETTER_BY,
              "A model must be better by this share to take the place of another: with `0.05` its mean error is at most 95 % of the other's.")
          .example("0.1");
  public static final ConfigKey<Integer> ORIGINS =
      ConfigKey.optional(
              "promotion.origins",
              ConfigType.count(1, 1_000_000, "origins"),
              PromotionSettings.DEFAULT_ORIGINS,
              "A contest goes over this many origins, and over at least "
                  + PromotionRule.LEAST_BLOCKS
                  + " times the longest lead that is scored. It is decided once, at its end.")
          .example("500");
  public static final ConfigKey<Double> CONFIDENCE =
      ConfigKey.optional(
              "promotion.confidence",
              ConfigType.numberWithin(.5, PromotionRule.HIGHEST_CONFIDENCE),
              PromotionSettings.DEFAULT_CONFIDENCE,
              "A model wins a contest by chance at most as often as this leaves room for: with `0.99`, one contest between equals of a hundred.")
          .example("0.95");
  public static final ConfigKey<Integer> COOL_DOWN =
      ConfigKey.derived(
              "promotion.cool-down",
              ConfigType.count(0, 1_000_000, "origins"),
              "as many as `promotion.origins`",
              "After a promotion this many origins pass before the next contest of the slot begins.")
          .example("1000");
  public static final ConfigKey<PromotionSettings.Naive> NAIVE =
      ConfigKey.optional(
          "promotion.naive",
          ConfigType.oneOf(PromotionSettings.Naive.class),
          "report",
          "This is done where the seasonal naive beats the model that answers, by the same rule: `report` says so in `commands.events-topic`, and `replace` treats it as a shadow that is better, unless a real one is.");

  private PromotionKeys() {}

  /** In the order of the reference page. */
  public static List<ConfigKey<?>> all() {
    return List.of(ACTION, METRIC, BETTER_BY, ORIGINS, CONFIDENCE, COOL_DOWN, NAIVE);
  }

  /** Those that mean something only with an action. */
  public static List<ConfigKey<?>> withAction() {
    return List.of(METRIC, BETTER_BY, ORIGINS, CONFIDENCE, COOL_DOWN, NAIVE);
  }
}
