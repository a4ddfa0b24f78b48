package io.tidecast.benchmarks.pipeline;

import java.time.Duration;

/**
 * A version that a job has taken in place of another while it forecast; times as {@link
 * System#nanoTime} counts them.
 *
 * @param version that answers, as {@link SwapAccount#version} names it
 * @param fromOriginMillis its first origin
 * @param sentNanos when the command was about to be sent
 * @param switchedNanos when it could be read that the version answers
 * @param retiredNanos when it could be read that the one before is closed
 */
record Swap(
    String version, long fromOriginMillis, long sentNanos, long switchedNanos, long retiredNanos) {

  /** What a swap does to others is looked for so long after it. */
  private static final long AFTER_NANOS = Duration.ofSeconds(1).toNanos();

  /** When it is over, and what it may have left behind too. */
  long endNanos() {
    return Math.max(switchedNanos + AFTER_NANOS, retiredNanos);
  }

  /** From the command to the version that answers. */
  double switchMillis() {
    return (switchedNanos - sentNanos) / 1e6;
  }

  /** From the command to the end of the version before. */
  double retireMillis() {
    return (retiredNanos - sentNanos) / 1e6;
  }
}
