package io.tidecast.flink.record;

import org.jspecify.annotations.Nullable;

/**
 * What a step made of its input: something to go on with, or a reason not to. The other one is
 * null. Both are null where there is nothing to go on with, and nothing wrong.
 *
 * @param <T> what goes on
 */
interface StepOutcome<T> {

  @Nullable T accepted();

  @Nullable Rejection rejection();
}
