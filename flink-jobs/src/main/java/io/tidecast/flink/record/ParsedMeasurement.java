package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/** A source record after parsing. */
public record ParsedMeasurement(@Nullable Measurement accepted, @Nullable Rejection rejection)
    implements StepOutcome<Measurement> {}
