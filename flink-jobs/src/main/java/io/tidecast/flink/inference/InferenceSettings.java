package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.serving.RunLimits;
import java.io.Serializable;
import java.time.Duration;

/**
 * How windows are given to the model.
 *
 * @param batches how they become batches
 * @param onFailure what becomes of a window that the model failed on
 * @param retries further attempts for a window whose first one failed
 * @param timeout after which a window counts as failed
 * @param limits how long a run may take, and when a model is given up
 */
public record InferenceSettings(
    BatchSettings batches, OnFailure onFailure, int retries, Duration timeout, RunLimits limits)
    implements Serializable {

  /** Batches of up to 128; the baseline answers after a second attempt failed, or after 30 s. */
  public static final InferenceSettings DEFAULT =
      new InferenceSettings(128, OnFailure.FALLBACK, 1, Duration.ofSeconds(30));

  /** Has the default limits, and batches that wait for nothing. */
  public InferenceSettings(int maxBatchSize, OnFailure onFailure, int retries, Duration timeout) {
    this(BatchSettings.of(maxBatchSize), onFailure, retries, timeout, RunLimits.DEFAULT);
  }

  public InferenceSettings {
    requireNonNull(batches, "batches is null");
    requireNonNull(onFailure, "onFailure is null");
    requireNonNull(timeout, "timeout is null");
    requireNonNull(limits, "limits is null");
    if (retries < 0) {
      throw new IllegalArgumentException("must not be negative: retries=" + retries);
    }
  }

  /** So many windows of a subtask may be under way: one batch in the model, one being filled. */
  public int capacity() {
    return 2 * batches.maxSize();
  }
}
