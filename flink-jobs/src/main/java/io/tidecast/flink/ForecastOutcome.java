package io.tidecast.flink;

/** A forecast request after inference. */
public record ForecastOutcome(IssuedForecast accepted, Rejection rejection)
    implements Checked<IssuedForecast> {}
