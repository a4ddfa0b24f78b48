package io.tidecast.flink.covariates;

import io.tidecast.flink.record.ForecastRequest;

/**
 * A window that waits for its covariates.
 *
 * @param deadlineMillis wall clock until which it does
 */
public record WaitingRequest(ForecastRequest request, long deadlineMillis) {}
