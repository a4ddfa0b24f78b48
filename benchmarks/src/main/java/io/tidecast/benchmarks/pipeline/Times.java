package io.tidecast.benchmarks.pipeline;

import java.util.Arrays;

/**
 * Times by number from 0 on, nanoseconds as {@link System#nanoTime} counts them, of which there may
 * be millions. One thread puts them; others may ask when it has ended.
 */
final class Times {

  private static final long NONE = Long.MIN_VALUE;

  private long[] nanos = new long[0];

  /**
   * Keeps a time.
   *
   * @return false if there is one already, which stays
   */
  boolean put(int number, long nanos) {
    if (number >= this.nanos.length) {
      int length = this.nanos.length;
      this.nanos = Arrays.copyOf(this.nanos, Math.max(number + 1, length + length / 2));
      Arrays.fill(this.nanos, length, this.nanos.length, NONE);
    }
    if (this.nanos[number] != NONE) {
      return false;
    }
    this.nanos[number] = nanos;
    return true;
  }

  boolean has(int number) {
    return number < nanos.length && nanos[number] != NONE;
  }

  /**
   * Gives a time.
   *
   * @throws IllegalStateException if there is none
   */
  long get(int number) {
    if (!has(number)) {
      throw new IllegalStateException("must have a time: number=" + number);
    }
    return nanos[number];
  }
}
