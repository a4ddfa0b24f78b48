package io.tidecast.flink.source;

import java.time.Instant;

/**
 * Counts the times that are probably in another unit, unless they begin a history: whoever has
 * times between 1970 and 2000 has those of the first days of 1970 as well. One thread uses it.
 */
final class DoubtfulTimes {

  private static final long HISTORY_FROM = Instant.parse("1970-03-01T00:00:00Z").toEpochMilli();
  private static final long HISTORY_UNTIL = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

  private final TimeDoubts doubts;
  private long count;
  private boolean history;

  DoubtfulTimes(TimeDoubts doubts) {
    this.doubts = doubts;
  }

  /** Looks at the time of one more observation, and says whether it counts. */
  boolean look(long timeMillis) {
    if (timeMillis >= HISTORY_UNTIL || history) {
      return false;
    }
    history = timeMillis >= HISTORY_FROM;
    boolean doubtful = !history && doubts.isDoubtful(timeMillis);
    count += doubtful ? 1 : 0;
    return doubtful;
  }

  long count() {
    return history ? 0 : count;
  }
}
