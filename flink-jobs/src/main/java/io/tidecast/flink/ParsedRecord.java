package io.tidecast.flink;

/** A source record after parsing. */
public record ParsedRecord(Measurement accepted, Rejection rejection)
    implements Checked<Measurement> {}
