package io.tidecast.flink.series;

import java.util.Locale;

/**
 * How many series one subtask may remember, and why so many. Names of series come from outside:
 * without a limit, who makes up new ones takes all the memory there is.
 *
 * @param series that the subtask may remember
 * @param isOfMemory whether it is what there is room for, where a series whose values are doubles
 *     counts as two
 * @param isOfHeap whether that is the heap
 * @param reason what the limit is, for people, as it ends the sentence "remembers"
 * @param requirement begins the detail of a dead letter; the name of the series ends it
 */
record SeriesLimit(
    int series, boolean isOfMemory, boolean isOfHeap, String reason, String requirement) {

  /**
   * Whether there is no room for a further one.
   *
   * @param doubles how many of the series have values that are doubles
   */
  boolean isReached(int remembered, int doubles) {
    return remembered + (isOfMemory ? (long) doubles : 0) >= series;
  }

  /**
   * The share of a subtask of what the job file allows.
   *
   * @param maxSeries of the whole job
   */
  static SeriesLimit given(int maxSeries, int share) {
    return new SeriesLimit(
        share,
        false,
        false,
        "at most %d series, its share of series.max-series=%d".formatted(share, maxSeries),
        "job must not remember more than series.max-series=%d, of which this subtask has its share of %d: series="
            .formatted(maxSeries, share));
  }

  /**
   * As many series as there is room for.
   *
   * @param sharing subtasks that have the room together
   */
  static SeriesLimit ofMemory(StateRoom room, int sharing, SeriesCost cost) {
    long bytes = room.isHeap() ? cost.heapBytes() : cost.diskBytes();
    int series = (int) Math.min(Integer.MAX_VALUE, room.forSeriesBytes() / sharing / bytes);
    String reason =
        String.format(
            Locale.ROOT,
            "at most %,d series, what there is room for: %d %% of %s for %d subtask%s, %,d bytes a series",
            series,
            room.percent(),
            room.description(),
            sharing,
            sharing == 1 ? "" : "s",
            bytes);
    return new SeriesLimit(
        series,
        true,
        room.isHeap(),
        reason,
        "subtask must not remember more than "
            + reason.substring("at most ".length())
            + "; set series.time-to-live to forget silent ones, or series.max-series: series=");
  }
}
