package io.tidecast.flink.hindsight;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Which series have cells that wait, and until when. It is no state: what it knows is told to
 * timers before each checkpoint. One thread.
 */
final class WaitingCells {

  private record Entry(String series, HindsightSeries.Waiting cell) {}

  /** In the order of their coming, with those that have been taken since. */
  private final Deque<Entry> entries = new ArrayDeque<>();

  /** None is ready before. */
  private long earliest = Long.MAX_VALUE;

  /** What is done about a cell. */
  interface Action {
    void of(String series, long readyMillis) throws Exception;
  }

  void add(String series, HindsightSeries.Waiting cell) {
    entries.add(new Entry(series, cell));
    earliest = Math.min(earliest, cell.readyMillis);
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
      if (!entry.cell.isTaken()) {
        if (entry.cell.readyMillis <= nowMillis) {
          ready.add(entry);
        } else {
          add(entry.series, entry.cell);
        }
      }
    }
    ready.sort(Comparator.comparingLong(entry -> entry.cell.readyMillis));
    for (Entry entry : ready) {
      turn.of(entry.series, entry.cell.readyMillis);
    }
  }

  /** Tells of those that still wait. */
  void forEach(Action action) throws Exception {
    entries.removeIf(entry -> entry.cell.isTaken());
    for (Entry entry : entries) {
      action.of(entry.series, entry.cell.readyMillis);
    }
  }
}
