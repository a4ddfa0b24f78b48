package io.tidecast.flink.promotion;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.promotion.PromotionRule;
import io.tidecast.runtime.scores.LossMetric;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a job says of promotions.
 *
 * @param action what is done where a model has lost its slot; null where none are compared
 * @param metric by which they are compared
 * @param betterBy share by which the loss must be less
 * @param origins that a contest goes over at least
 * @param confidence of the sign test
 * @param coolDownOrigins before the next contest of a slot; null for as many as a contest has
 * @param naive what is done where the seasonal naive is better
 */
public record PromotionSettings(
    @Nullable Action action,
    LossMetric metric,
    double betterBy,
    int origins,
    double confidence,
    @Nullable Integer coolDownOrigins,
    Naive naive)
    implements Serializable {

  /** What is done where a model has lost its slot. */
  public enum Action {
    /** An event says so. */
    PROPOSE,
    /** A command of the job gives the slot to the better one. */
    PERFORM
  }

  /** What is done where the seasonal naive is better than the model that answers. */
  public enum Naive {
    /** An event says so. */
    REPORT,
    /** It is treated as any other model that is better. */
    REPLACE
  }

  public static final LossMetric DEFAULT_METRIC = LossMetric.MAE;
  public static final double DEFAULT_BETTER_BY = .05;
  public static final int DEFAULT_ORIGINS = 200;
  public static final double DEFAULT_CONFIDENCE = .99;

  /** Nobody compares models. */
  public static final PromotionSettings OFF =
      new PromotionSettings(
          null,
          DEFAULT_METRIC,
          DEFAULT_BETTER_BY,
          DEFAULT_ORIGINS,
          DEFAULT_CONFIDENCE,
          null,
          Naive.REPORT);

  public PromotionSettings {
    requireNonNull(metric, "metric is null");
    requireNonNull(naive, "naive is null");
  }

  /** Whether models are compared. */
  public boolean isOn() {
    return action != null;
  }

  /**
   * When a model loses its slot.
   *
   * @param blockCells the longest lead time that is scored
   */
  PromotionRule rule(int blockCells) {
    return new PromotionRule(
        betterBy,
        origins,
        confidence,
        coolDownOrigins == null ? origins : coolDownOrigins,
        blockCells,
        naive == Naive.REPLACE);
  }
}
