package io.tidecast.cli.quickstart;

import java.util.Arrays;

/**
 * How long it takes from an observation that the broker accepts to its forecast that a
 * read_committed consumer can read.
 *
 * @param p50Millis half of the forecasts were readable sooner
 * @param p99Millis all but one in a hundred were readable sooner
 */
record Latency(long p50Millis, long p99Millis) {

  /**
   * Takes percentiles by nearest rank.
   *
   * @param millis one per forecast, at least one, any order; not changed
   */
  static Latency of(long[] millis) {
    if (millis.length == 0) {
      throw new IllegalArgumentException("latencies must not be empty");
    }
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return new Latency(rank(sorted, 50), rank(sorted, 99));
  }

  private static long rank(long[] sorted, int percent) {
    return sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1];
  }
}
