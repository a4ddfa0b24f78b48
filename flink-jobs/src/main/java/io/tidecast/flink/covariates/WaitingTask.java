package io.tidecast.flink.covariates;

import io.tidecast.flink.record.ForecastTask;

/**
 * A window that waits for its covariates.
 *
 * @param deadlineMillis wall clock until which it does
 */
public record WaitingTask(ForecastTask request, long deadlineMillis) {}
