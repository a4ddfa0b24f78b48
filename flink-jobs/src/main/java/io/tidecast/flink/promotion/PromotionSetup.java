package io.tidecast.flink.promotion;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.promotion.PromotionRule;
import io.tidecast.runtime.scores.ScoreSettings;
import java.io.Serializable;
import java.util.List;

/**
 * What the operator goes by that compares models.
 *
 * @param settings of the job
 * @param rule by which a model loses its slot
 * @param openCells how many of the newest cells may still change what is compared
 * @param shadowSlots names of the slots whose models forecast beside others
 * @param primaries how many slots answer
 */
public record PromotionSetup(
    PromotionSettings settings,
    PromotionRule rule,
    int openCells,
    List<String> shadowSlots,
    int primaries)
    implements Serializable {

  public PromotionSetup {
    requireNonNull(settings, "settings is null");
    requireNonNull(rule, "rule is null");
    shadowSlots = List.copyOf(shadowSlots);
  }

  /** The setup for the models of a job, whose scores have these settings. */
  public static PromotionSetup of(
      PromotionSettings settings, ScoreSettings scores, ModelSlots models) {
    int longest = scores.leads().get(scores.leads().size() - 1);
    List<String> shadows =
        models.all().stream()
            .filter(slot -> slot.role() == ForecastRole.SHADOW)
            .map(ModelSlot::name)
            .toList();
    return new PromotionSetup(
        settings,
        settings.rule(longest),
        scores.openCells(),
        shadows,
        models.all().size() - shadows.size());
  }

  /**
   * The last block of which everything has come that comes in time.
   *
   * @param step of the series
   * @param watermark of what is compared
   */
  long lastWhole(GridStep step, long watermark) {
    // A cell is settled when as many as are open have closed after it.
    long settled = step.cell(watermark) - 1 - openCells;
    return rule.block(settled + 1) - 1;
  }

  /** What time it is, and how long a cell is. */
  public record Time(GridStep step, MillisClock clock) implements Serializable {

    public Time {
      requireNonNull(step, "step is null");
      requireNonNull(clock, "clock is null");
    }
  }
}
