package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;

/**
 * How windows are given to the model.
 *
 * @param maxBatchSize most windows of one run
 * @param onFailure what becomes of a window that the model failed on
 * @param retries further attempts for a window whose first one failed
 * @param timeout after which a window counts as failed
 */
public record InferenceSettings(
    int maxBatchSize, OnFailure onFailure, int retries, Duration timeout) implements Serializable {

  /** Batches of up to 128; the baseline answers after a second attempt failed, or after 30 s. */
  public static final InferenceSettings DEFAULT =
      new InferenceSettings(128, OnFailure.FALLBACK, 1, Duration.ofSeconds(30));

  public InferenceSettings {
    requireNonNull(onFailure, "onFailure is null");
    requireNonNull(timeout, "timeout is null");
    if (maxBatchSize < 1) {
      throw new IllegalArgumentException("must be at least 1: maxBatchSize=" + maxBatchSize);
    }
    if (retries < 0) {
      throw new IllegalArgumentException("must not be negative: retries=" + retries);
    }
  }
}
