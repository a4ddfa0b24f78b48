package io.tidecast.postgres;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When something that did not go well is tried again: after 0.5 s, then twice as long each time, up
 * to 30 s. It also says when people are told of it again: at once, after a minute, and after ten
 * each. One thread.
 */
final class Backoff {

  private static final long FIRST_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long TELL_SOON_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long TELL_NANOS = Duration.ofMinutes(10).toNanos();

  private final LongSupplier nanos;
  private boolean failing;
  private long sinceNanos;
  private long untilNanos;
  private long pauseNanos;
  private long tellNanos;

  /**
   * @param nanos a clock as of {@link System#nanoTime}
   */
  Backoff(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Takes note of a failure.
   *
   * @return whether people should be told
   */
  boolean failed() {
    long now = nanos.getAsLong();
    boolean first = !failing;
    if (first) {
      failing = true;
      sinceNanos = now;
      pauseNanos = FIRST_NANOS;
      tellNanos = now + TELL_SOON_NANOS;
    } else {
      pauseNanos = Math.min(LONGEST_NANOS, 2 * pauseNanos);
    }
    untilNanos = now + pauseNanos;
    if (!first && now - tellNanos >= 0) {
      tellNanos = now + TELL_NANOS;
      return true;
    }
    return first;
  }

  /** Takes note that it went well; returns for how long it had not. */
  Duration succeeded() {
    Duration lasted = failing();
    failing = false;
    return lasted;
  }

  /** For how long it has not gone well; zero if it did the last time. */
  Duration failing() {
    return failing ? Duration.ofNanos(nanos.getAsLong() - sinceNanos) : Duration.ZERO;
  }

  /** How long to wait before the next try; zero where there is nothing to wait for. */
  Duration pause() {
    long left = failing ? untilNanos - nanos.getAsLong() : 0;
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }
}
