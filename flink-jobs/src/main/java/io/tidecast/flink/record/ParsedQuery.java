package io.tidecast.flink.record;

/** A record of the request topic after parsing. */
public record ParsedQuery(ForecastQuery accepted, Rejection rejection)
    implements Checked<ForecastQuery> {}
