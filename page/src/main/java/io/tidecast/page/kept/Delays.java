package io.tidecast.page.kept;

import java.util.Arrays;

/** The newest of some delays, and what most of them stay below. Not thread-safe. */
final class Delays {

  private static final int KEPT = 1_000;

  private final long[] millis = new long[KEPT];
  private long count;

  void add(long delayMillis) {
    millis[(int) (count++ % KEPT)] = delayMillis;
  }

  /**
   * The delay that a share of them does not exceed, milliseconds; NaN where there is none.
   *
   * @param share above 0, at most 1
   */
  double quantile(double share) {
    int size = (int) Math.min(count, KEPT);
    if (size == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(millis, size);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * size) - 1)];
  }
}
