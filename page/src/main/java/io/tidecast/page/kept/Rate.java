package io.tidecast.page.kept;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a counter grows, over the last ten seconds or so. Not thread-safe. */
final class Rate {

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final double NANOS_PER_SECOND = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long nanos, long count) {}

  /** Takes what the counter has come to. One that has become less has begun anew. */
  void sample(long count, long nowNanos) {
    if (!samples.isEmpty() && count < samples.getLast().count) {
      samples.clear();
    }
    samples.addLast(new Sample(nowNanos, count));
    while (samples.size() > 2 && nowNanos - samples.getFirst().nanos > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Counts a second; NaN while that is not known. */
  double perSecond() {
    if (samples.size() < 2) {
      return Double.NaN;
    }
    Sample from = samples.getFirst();
    Sample to = samples.getLast();
    return to.nanos == from.nanos
        ? Double.NaN
        : (to.count - from.count) * NANOS_PER_SECOND / (to.nanos - from.nanos);
  }
}
