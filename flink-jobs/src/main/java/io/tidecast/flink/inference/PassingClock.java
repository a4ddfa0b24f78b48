package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;

/**
 * The wall clock as forecasts that are passed on together see it, for a look at it takes as long as
 * a tenth of all else that passes one on: it is looked at when they begin to be, and after every
 * {@value #READINGS} of them. One thread.
 */
final class PassingClock implements MillisClock {

  static final int READINGS = 32;

  private static final long serialVersionUID = 1L;

  private final MillisClock clock;
  private long millis;
  private int left;

  PassingClock(MillisClock clock) {
    this.clock = clock;
  }

  /** Has the clock looked at anew for the next reading. */
  void begin() {
    left = 0;
  }

  @Override
  public long millis() {
    if (left == 0) {
      millis = clock.millis();
      left = READINGS;
    }
    left--;
    return millis;
  }
}
