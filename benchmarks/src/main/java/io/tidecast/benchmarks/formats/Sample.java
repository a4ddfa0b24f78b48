package io.tidecast.benchmarks.formats;

/**
 * A measurement that a record of any format can hold.
 *
 * @param series of letters, digits and hyphens
 * @param timeMillis epoch milliseconds
 */
public record Sample(String series, long timeMillis, double value) {}
