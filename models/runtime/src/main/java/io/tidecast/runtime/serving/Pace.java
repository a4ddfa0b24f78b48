package io.tidecast.runtime.serving;

import java.time.Duration;

/**
 * How long a window may take by itself: a quarter of the time of a batch, until it is known how
 * long one takes; then fifty times as long as the slowest, but no less than a tenth of the time of
 * a batch and no more than all of it. Any thread.
 */
final class Pace {

  private static final int FIRST_PART = 4;
  private static final int LEAST_PART = 10;
  private static final int TIMES_SLOWER = 50;

  private final Duration batch;
  private volatile long slowestNanos;
  private volatile Duration alone;

  Pace(Duration batch) {
    this.batch = batch;
    this.alone = batch.dividedBy(FIRST_PART);
  }

  Duration alone() {
    return alone;
  }

  /** Hears how long a window took by itself. */
  void took(long nanos) {
    if (nanos > slowestNanos) {
      slower(nanos);
    }
  }

  private synchronized void slower(long nanos) {
    slowestNanos = Math.max(slowestNanos, nanos);
    Duration usual = Duration.ofNanos(slowestNanos).multipliedBy(TIMES_SLOWER);
    Duration least = batch.dividedBy(LEAST_PART);
    Duration longer = usual.compareTo(least) > 0 ? usual : least;
    alone = longer.compareTo(batch) > 0 ? batch : longer;
  }
}
