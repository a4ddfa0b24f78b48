package io.tidecast.flink.record;

/** A forecast request after inference. */
public record ForecastOutcome(IssuedForecast accepted, Rejection rejection)
    implements StepOutcome<IssuedForecast> {}
