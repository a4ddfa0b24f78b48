package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.serving.ServingOptions;
import java.io.Serializable;

/**
 * How tasks become forecasts.
 *
 * @param step from one cell of a window to the next
 * @param season of the baseline, which is that of the context of each version
 */
public record InferenceOptions(InferenceSettings settings, GridStep step, SeasonRule season)
    implements Serializable {

  public InferenceOptions {
    requireNonNull(settings, "settings is null");
    requireNonNull(step, "step is null");
    requireNonNull(season, "season is null");
  }

  /** With a season of so many steps, whatever the context. */
  public InferenceOptions(InferenceSettings settings, GridStep step, int seasonSteps) {
    this(settings, step, SeasonRule.ofSteps(step.length(), seasonSteps));
  }

  /** Those of the runs. */
  ServingOptions serving() {
    return ServingOptions.builder()
        .maxBatchSize(settings.batches().maxSize())
        .maxBatchDelay(settings.batches().maxDelay())
        .workers(settings.batches().workers())
        .retries(settings.retries())
        .timeout(settings.timeout())
        .limits(settings.limits())
        .build();
  }

  /** So many tasks may be under way. */
  int capacity() {
    return settings.capacity();
  }
}
