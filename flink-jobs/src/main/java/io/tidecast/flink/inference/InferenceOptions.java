package io.tidecast.flink.inference;

import io.tidecast.flink.grid.GridStep;
import io.tidecast.runtime.serving.FailurePolicy;
import io.tidecast.runtime.serving.ServingOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.Serializable;
import java.time.Duration;

/**
 * How tasks become forecasts.
 *
 * @param maxBatchSize most windows of one run
 * @param retries further attempts for a window whose first one failed
 * @param timeout after which a window counts as failed
 * @param fallback whether the baseline answers then; otherwise there is a dead letter
 * @param step from one cell of a window to the next
 * @param seasonSteps season of the baseline, in steps
 */
public record InferenceOptions(
    int maxBatchSize,
    int retries,
    Duration timeout,
    boolean fallback,
    GridStep step,
    int seasonSteps)
    implements Serializable {

  /** Those of the runs. */
  ServingOptions serving() {
    return ServingOptions.builder()
        .maxBatchSize(maxBatchSize)
        .retries(retries)
        .timeout(timeout)
        .build();
  }

  /** What is answered where the model gives no forecast; for one thread. */
  FailurePolicy policy(Forecaster baseline) {
    return fallback ? FailurePolicy.fallingBackOn(baseline) : FailurePolicy.refusing();
  }
}
