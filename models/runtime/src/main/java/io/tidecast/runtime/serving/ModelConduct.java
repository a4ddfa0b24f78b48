package io.tidecast.runtime.serving;

import java.time.Duration;

/**
 * What is known of how a model behaves, by all who run it: how long it takes, which series it hangs
 * on, how many windows are too many, and whether it is given up. Any thread.
 */
final class ModelConduct {

  private final Duration runTimeout;
  private final Pace pace;
  private final SuspectSeries suspects = new SuspectSeries();
  private final CircuitBreaker breaker;
  private volatile int mostWindows;

  ModelConduct(ServingOptions options) {
    this.runTimeout = options.limits().runTimeout();
    this.pace = new Pace(runTimeout);
    this.breaker = new CircuitBreaker(options.limits().giveUpAfter());
    this.mostWindows = options.maxBatchSize();
  }

  Duration runTimeout() {
    return runTimeout;
  }

  Pace pace() {
    return pace;
  }

  SuspectSeries suspects() {
    return suspects;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  /** A run has no more windows than this. */
  int mostWindows() {
    return mostWindows;
  }

  /**
   * Hears that a run took too long although none of its windows does.
   *
   * @return the most windows of a run from now on
   */
  synchronized int tooMany(int windows) {
    mostWindows = Math.min(mostWindows, Math.max(1, windows / 2));
    return mostWindows;
  }
}
