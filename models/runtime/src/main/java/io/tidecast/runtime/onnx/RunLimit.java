package io.tidecast.runtime.onnx;

import java.time.Duration;

/**
 * How long something may go on. It goes by the clock of {@link RunWatch}, which stands still while
 * the process is paused.
 *
 * @param limit in all
 * @param deadlineNanos when it is over
 */
record RunLimit(Duration limit, long deadlineNanos) {

  /** Begins now. */
  static RunLimit of(Duration limit) {
    return new RunLimit(limit, RunWatch.SHARED.deadlineNanos(limit));
  }

  /** Begins a part of it now, which ends with the whole at the latest. */
  RunLimit part(Duration partLimit) {
    RunLimit part = of(partLimit);
    return part.deadlineNanos - deadlineNanos < 0 ? part : this;
  }
}
