package io.tidecast.flink.record;

import static java.util.Objects.requireNonNull;

/**
 * A window that waits for its covariates.
 *
 * @param deadlineMillis wall clock until which it does
 */
public record WaitingTask(ForecastTask request, long deadlineMillis) {

  public WaitingTask {
    requireNonNull(request, "request is null");
  }
}
