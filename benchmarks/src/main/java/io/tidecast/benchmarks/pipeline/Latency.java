package io.tidecast.benchmarks.pipeline;

import java.util.Locale;
import java.util.stream.LongStream;

/**
 * How long it takes from an observation that the broker has accepted to its forecast that a {@code
 * read_committed} consumer has, milliseconds.
 *
 * @param count of forecasts that were timed
 */
record Latency(int count, double p50Millis, double p99Millis, double maxMillis) {

  /** Takes percentiles by nearest rank of times in nanoseconds, of which there is one at least. */
  static Latency of(LongStream nanos) {
    long[] sorted = nanos.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("must have a forecast that was timed");
    }
    return new Latency(sorted.length, millis(sorted, 50), millis(sorted, 99), millis(sorted, 100));
  }

  /** Prints a row of a table: what it is of, how many, and the three times. */
  void print(String name) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,d | %.1f | %.1f | %.1f |%n",
        name,
        count,
        p50Millis,
        p99Millis,
        maxMillis);
  }

  private static double millis(long[] sorted, int percent) {
    return sorted[(int) ((sorted.length * (long) percent + 99) / 100) - 1] / 1e6;
  }
}
