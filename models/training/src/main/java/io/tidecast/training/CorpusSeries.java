package io.tidecast.training;

/**
 * A real univariate series, or a range of one, on a regular grid.
 *
 * @param name for messages
 * @param values one per step, units of the series, NaN where missing; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
record CorpusSeries(String name, float[] values) {}
