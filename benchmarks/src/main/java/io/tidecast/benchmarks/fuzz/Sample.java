package io.tidecast.benchmarks.fuzz;

/**
 * A measurement that a record of any format can hold.
 *
 * @param series of letters, digits and hyphens
 * @param timeMillis epoch milliseconds
 */
record Sample(String series, long timeMillis, double value) {}
