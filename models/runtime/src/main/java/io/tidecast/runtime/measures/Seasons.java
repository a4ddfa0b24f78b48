package io.tidecast.runtime.measures;

import java.time.Duration;

/** Counts the steps of a season. */
public final class Seasons {

  private Seasons() {}

  /** Returns the number of steps in a season, or 1 where that is not a whole number. */
  public static int steps(Duration season, Duration step) {
    long steps = season.dividedBy(step);
    return steps >= 1 && steps <= Integer.MAX_VALUE && step.multipliedBy(steps).equals(season)
        ? (int) steps
        : 1;
  }
}
