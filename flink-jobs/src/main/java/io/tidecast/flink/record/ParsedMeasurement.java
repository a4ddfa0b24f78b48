package io.tidecast.flink.record;

/** A source record after parsing. */
public record ParsedMeasurement(Measurement accepted, Rejection rejection)
    implements StepOutcome<Measurement> {}
