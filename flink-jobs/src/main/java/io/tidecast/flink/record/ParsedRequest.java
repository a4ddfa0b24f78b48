package io.tidecast.flink.record;

/** A record of the request topic after parsing. */
public record ParsedRequest(ForecastRequest accepted, Rejection rejection)
    implements StepOutcome<ForecastRequest> {}
