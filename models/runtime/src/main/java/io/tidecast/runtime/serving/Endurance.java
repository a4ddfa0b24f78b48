package io.tidecast.runtime.serving;

import java.time.Duration;

/**
 * Counts batches that the model gave no forecast from for lack of time, and gives it up. One
 * thread, but for {@link #givenUp}.
 */
final class Endurance {

  /** This is said of a window of a model that was given up. */
  static final String WHY =
      "model must answer in time, it did not for a long time, so it was given up and is asked again later";

  /** A model that was given up is tried again after this time. */
  static final Duration REST = Duration.ofMinutes(10);

  private final RunLimits limits;
  private final ServingListener listener;
  private int lost;
  private long restsUntilNanos;
  private volatile boolean givenUp;

  Endurance(RunLimits limits, ServingListener listener) {
    this.limits = limits;
    this.listener = listener;
  }

  /** Tells whether the model is given up; any thread. */
  boolean givenUp() {
    return givenUp;
  }

  /** Tells whether the model is given no window at the moment. */
  boolean rests(long nowNanos) {
    return givenUp && nowNanos - restsUntilNanos < 0;
  }

  /** Hears that the model gave forecasts from a batch. */
  void answered() {
    lost = 0;
    if (givenUp) {
      givenUp = false;
      listener.resumed();
    }
  }

  /**
   * Hears that the model gave no forecast from a batch, as it takes too long.
   *
   * @throws ModelGivenUpException if that was once too often and the limits say so
   */
  void lost(long nowNanos) {
    lost++;
    if (limits.onTimeouts() == OnTimeouts.KEEP || lost < limits.giveUpAfter() && !givenUp) {
      return;
    }
    if (limits.onTimeouts() == OnTimeouts.FAIL) {
      throw new ModelGivenUpException(
          "model must answer within %d ms, it gave no forecast from %d batches one after the other"
              .formatted(limits.runTimeout().toMillis(), lost));
    }
    restsUntilNanos = nowNanos + REST.toNanos();
    if (!givenUp) {
      givenUp = true;
      listener.gaveUp(lost, REST);
    }
  }
}
