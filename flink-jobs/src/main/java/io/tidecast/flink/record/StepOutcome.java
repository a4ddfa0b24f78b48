package io.tidecast.flink.record;

/**
 * What a step made of its input: either something to go on with or a reason not to. The other one
 * is null.
 *
 * @param <T> what goes on
 */
interface StepOutcome<T> {

  T accepted();

  Rejection rejection();
}
