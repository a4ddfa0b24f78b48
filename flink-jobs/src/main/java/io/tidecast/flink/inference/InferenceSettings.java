package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.serving.RunLimits;
import java.io.Serializable;
import java.time.Duration;

/**
 * How windows are given to the model.
 *
 * @param maxBatchSize most windows of one run
 * @param onFailure what becomes of a window that the model failed on
 * @param retries further attempts for a window whose first one failed
 * @param timeout after which a window counts as failed
 * @param limits how long a run may take, and what becomes of a model that takes longer
 */
public record InferenceSettings(
    int maxBatchSize, OnFailure onFailure, int retries, Duration timeout, RunLimits limits)
    implements Serializable {

  /** Batches of up to 128; the baseline answers after a second attempt failed, or after 30 s. */
  public static final InferenceSettings DEFAULT =
      new InferenceSettings(128, OnFailure.FALLBACK, 1, Duration.ofSeconds(30));

  /** Has the default limits. */
  public InferenceSettings(int maxBatchSize, OnFailure onFailure, int retries, Duration timeout) {
    this(maxBatchSize, onFailure, retries, timeout, RunLimits.DEFAULT);
  }

  public InferenceSettings {
    requireNonNull(onFailure, "onFailure is null");
    requireNonNull(timeout, "timeout is null");
    requireNonNull(limits, "limits is null");
    if (maxBatchSize < 1) {
      throw new IllegalArgumentException("must be at least 1: maxBatchSize=" + maxBatchSize);
    }
    if (retries < 0) {
      throw new IllegalArgumentException("must not be negative: retries=" + retries);
    }
  }
}
