package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.runtime.serving.ServingOptions;
import java.io.Serializable;
import java.time.Duration;

/**
 * How windows become batches.
 *
 * @param maxSize most windows of one run
 * @param maxDelay how long a window waits for a batch to be full
 * @param workers batches that are run at once in a process; {@link ServingOptions#AS_MANY_AS_USERS}
 *     for as many as there are subtasks in it, as far as there are processors
 */
public record BatchSettings(int maxSize, Duration maxDelay, int workers) implements Serializable {

  public BatchSettings {
    requireNonNull(maxDelay, "maxDelay is null");
    if (maxSize < 1) {
      throw new IllegalArgumentException("must be at least 1: maxBatchSize=" + maxSize);
    }
  }

  /** Has batches that wait for nothing, and as many workers as subtasks. */
  public static BatchSettings of(int maxSize) {
    return new BatchSettings(maxSize, Duration.ZERO, ServingOptions.AS_MANY_AS_USERS);
  }
}
