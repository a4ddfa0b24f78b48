package io.tidecast.flink.hindsight;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which series have cells that wait, or hold forecasts, and until when. It is no state: what it
 * knows is told to timers before each checkpoint. One thread.
 */
final class WaitingCells {

  /** In place of a cell's ticket, for a series that holds a forecast. */
  static final long HELD = -1;

  /**
   * A cell or a forecast that waited when it came.
   *
   * @param live knows whether it still does; null where the series is kept in bytes
   * @param ticket by which that knows a cell; {@link #HELD} for a forecast
   */
  private record Entry(
      String series, long readyMillis, @Nullable HindsightSeries live, long ticket) {

    private boolean mayWait() {
      return live == null || (ticket == HELD ? live.isHolding() : live.waits(ticket));
    }
  }

  /** In the order of their coming, with those that have been taken since. */
  private final Deque<Entry> entries = new ArrayDeque<>();

  /** None is ready before. */
  private long earliest = Long.MAX_VALUE;

  /** What is done about a cell. */
  interface Action {
    void of(String series, long readyMillis) throws Exception;
  }

  void add(String series, long readyMillis, @Nullable HindsightSeries live, long ticket) {
    add(new Entry(series, readyMillis, live, ticket));
  }

  private void add(Entry entry) {
    entries.add(entry);
    earliest = Math.min(earliest, entry.readyMillis);
  }

  /** Gives those their turn that are ready by now, in the order of time, and forgets them. */
  void takeThrough(long nowMillis, Action turn) throws Exception {
    if (earliest > nowMillis) {
      return;
    }
    earliest = Long.MAX_VALUE;
    List<Entry> ready = new ArrayList<>();
    for (int left = entries.size(); left > 0; left--) {
      Entry entry = entries.remove();
      if (entry.mayWait()) {
        if (entry.readyMillis <= nowMillis) {
          ready.add(entry);
        } else {
          add(entry);
        }
      }
    }
    ready.sort(Comparator.comparingLong(Entry::readyMillis));
    for (Entry entry : ready) {
      turn.of(entry.series, entry.readyMillis);
    }
  }

  /** Tells of those that still wait. */
  void forEach(Action action) throws Exception {
    entries.removeIf(entry -> !entry.mayWait());
    for (Entry entry : entries) {
      action.of(entry.series, entry.readyMillis);
    }
  }
}
