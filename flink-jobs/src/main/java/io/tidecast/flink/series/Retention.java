package io.tidecast.flink.series;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many series a job remembers, and for how long.
 *
 * @param timeToLive how far the newest cell of a series may lie behind; null for ever
 * @param maxSeries of the whole job; null for any number
 */
public record Retention(@Nullable Duration timeToLive, @Nullable Integer maxSeries)
    implements Serializable {

  /** Of how many series one of the subtasks may remember; together they are as many as allowed. */
  int share(int subtask, int subtasks) {
    return maxSeries == null
        ? Integer.MAX_VALUE
        : maxSeries / subtasks + (subtask < maxSeries % subtasks ? 1 : 0);
  }
}
