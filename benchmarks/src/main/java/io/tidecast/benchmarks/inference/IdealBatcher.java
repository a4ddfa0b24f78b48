package io.tidecast.benchmarks.inference;

import java.util.function.IntToLongFunction;

/**
 * A batcher that takes no time itself, with a worker that has a processor whenever it wants one. It
 * says how long windows must wait for a model at least.
 *
 * @param batch most windows of a run
 * @param delayNanos how long a window waits for a batch to be full
 * @param runNanos how long a run of so many windows takes
 */
record IdealBatcher(int batch, long delayNanos, IntToLongFunction runNanos) {

  /** How long each of so many windows takes that come at equal distances, nanoseconds. */
  long[] latencies(int windows, double distanceNanos) {
    long[] latencies = new long[windows];
    long freeNanos = 0;
    int first = 0;
    while (first < windows) {
      long oldest = due(first, distanceNanos);
      long full = due(Math.min(windows, first + batch) - 1, distanceNanos);
      long startNanos = Math.max(freeNanos, Math.min(oldest + delayNanos, full));
      int end = first + 1;
      while (end < windows && end - first < batch && due(end, distanceNanos) <= startNanos) {
        end++;
      }
      freeNanos = startNanos + runNanos.applyAsLong(end - first);
      for (; first < end; first++) {
        latencies[first] = freeNanos - due(first, distanceNanos);
      }
    }
    return latencies;
  }

  private static long due(int window, double distanceNanos) {
    return (long) (window * distanceNanos);
  }
}
