package io.tidecast.flink;

/**
 * A window that waits for its covariates.
 *
 * @param deadlineMillis wall clock until which it does
 */
public record WaitingRequest(ForecastRequest request, long deadlineMillis) {}
