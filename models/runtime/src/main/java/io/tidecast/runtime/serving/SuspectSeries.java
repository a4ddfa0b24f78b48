package io.tidecast.runtime.serving;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The series whose windows have kept the model busy for too long. A value stays in the windows of a
 * series for a whole context, so the next window is likely to do the same: a suspect rests, each
 * time twice as long, and then its window runs alone. Any thread.
 */
final class SuspectSeries {

  /** This is said of a window that is not run. */
  static final String WHY =
      "model must answer the windows of a series in time, it did not lately for this one and is asked again later";

  /** More are hardly known; the one that was heard of least lately is forgotten. */
  static final int MOST = 1_000;

  static final Duration FIRST_REST = Duration.ofMinutes(1);
  static final Duration LONGEST_REST = Duration.ofHours(1);

  private final Map<String, Rest> suspects =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rest> eldest) {
          return size() > MOST;
        }
      };

  private record Rest(Duration length, long untilNanos) {}

  private volatile boolean empty = true;

  boolean isEmpty() {
    return empty;
  }

  synchronized boolean contains(String series) {
    return suspects.containsKey(series);
  }

  /** Tells whether the windows of a series are not to be run at the moment. */
  synchronized boolean rests(String series, long nowNanos) {
    Rest rest = suspects.get(series);
    return rest != null && nowNanos - rest.untilNanos < 0;
  }

  /**
   * Lets a series rest.
   *
   * @return for how long
   */
  synchronized Duration add(String series, long nowNanos) {
    Rest before = suspects.get(series);
    Duration length = before == null ? FIRST_REST : before.length.multipliedBy(2);
    if (length.compareTo(LONGEST_REST) > 0) {
      length = LONGEST_REST;
    }
    suspects.put(series, new Rest(length, nowNanos + length.toNanos()));
    empty = false;
    return length;
  }

  /** Forgets a series whose window was answered in time. */
  synchronized void clear(String series) {
    suspects.remove(series);
    empty = suspects.isEmpty();
  }
}
