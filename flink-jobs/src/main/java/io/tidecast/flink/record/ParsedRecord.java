package io.tidecast.flink.record;

/** A source record after parsing. */
public record ParsedRecord(Measurement accepted, Rejection rejection)
    implements Checked<Measurement> {}
