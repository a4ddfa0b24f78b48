package io.tidecast.flink.model;

import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.Forecaster;
import java.io.Serializable;

/** Ships a model to the subtasks of a job. Serialized with the job; each subtask opens its own. */
public interface ForecasterFactory extends Serializable {

  /** What {@link #open} gives; known where the job is submitted. */
  ForecasterSpec spec();

  /** The names of its channels; must be given for a model that takes future covariates. */
  default ModelChannels channels() {
    return ModelChannels.UNNAMED;
  }

  /**
   * A forecaster that the caller closes.
   *
   * <p>A {@link RuntimeException} out of {@link Forecaster#forecast} is a failed inference and
   * follows the job's policy (retries, fallback, dead letter). An {@link Error} fails the task, and
   * Flink recovers it from its last checkpoint.
   */
  Forecaster open();
}
