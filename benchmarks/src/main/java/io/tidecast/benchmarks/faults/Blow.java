package io.tidecast.benchmarks.faults;

import java.time.Duration;

/** When a fault began, and when the forecasts had caught up after it. One thread. */
final class Blow {

  private final long beginNanos;
  private final int cells;
  private final Duration allowed;
  private boolean caughtUp;
  private long caughtUpNanos;

  /**
   * @param cells that every series had been sent when it began
   * @param allowed how far behind the forecasts may be when it is over
   */
  Blow(long beginNanos, int cells, Duration allowed) {
    this.beginNanos = beginNanos;
    this.cells = cells;
    this.allowed = allowed;
  }

  /**
   * Takes a look at the forecasts.
   *
   * @param answered cells that have their forecasts, of every series
   * @param behind how long ago the first was sent that has not
   * @return whether they have caught up, which they may lose again
   */
  boolean look(int answered, Duration behind) {
    boolean now = answered > cells && behind.compareTo(allowed) <= 0;
    if (now && !caughtUp) {
      caughtUpNanos = System.nanoTime();
    }
    caughtUp = now;
    return now;
  }

  /** From the beginning until they caught up, the last time that they did. */
  Duration recovery() {
    return Duration.ofNanos(caughtUpNanos - beginNanos);
  }
}
