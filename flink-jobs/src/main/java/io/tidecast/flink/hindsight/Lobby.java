package io.tidecast.flink.hindsight;

import io.tidecast.flink.record.ClosedCell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Where the cells and the forecasts of a series meet, so that its state is visited once for both:
 * that lies in cold memory or on a disk. Who waits in the state is known here as well, and until
 * when. It is no state: before each checkpoint all that has come goes into that. One thread.
 *
 * @param <F> how it hears of forecasts
 */
final class Lobby<F> {

  /** Of a series; more than come of one cell. */
  private static final int MOST_OF_A_SERIES = 16;

  /** Of all series; more than are under way while a model answers. */
  private static final int MOST = 8_192;

  /** In the order of their coming. */
  private final Map<String, Guest<F>> guests = new LinkedHashMap<>();

  /** The last to stay, not listed until another comes: mostly what it waits for is right behind. */
  private @Nullable Guest<F> atHand;

  /** Of nobody until somebody asks. */
  private final NewestCells newest = new NewestCells();

  private boolean isAsked;

  /** How many cells and forecasts are here. */
  private int size;

  /** Nothing is ready before. */
  private long earliest = Long.MAX_VALUE;

  /** Gives a series its turn. */
  interface Turn {
    void of(String series, long readyMillis) throws Exception;
  }

  private record Ready(String series, long readyMillis) {}

  /** What is here of a series. */
  Guest<F> of(String series) {
    Guest<F> guest = find(series);
    return guest == null ? new Guest<>(series) : guest;
  }

  private @Nullable Guest<F> find(String series) {
    return atHand != null && atHand.series().equals(series) ? atHand : guests.get(series);
  }

  /** Before somebody goes through the list, and when another is at hand. */
  private void list() {
    if (atHand != null) {
      guests.put(atHand.series(), atHand);
      atHand.setListed(true);
      atHand = null;
    }
  }

  /**
   * The newest cell that a series has taken; {@link NewestCells#UNKNOWN} of one that has not been
   * visited yet, or not since anybody asks.
   */
  long newest(String series) {
    isAsked = true;
    return newest.of(series);
  }

  /** Whether what comes may wait here. */
  boolean hasRoom(Guest<F> guest) {
    return size < MOST && guest.size() < MOST_OF_A_SERIES;
  }

  void add(Guest<F> guest, Guest.Arrival<ClosedCell> cell) {
    guest.add(cell);
    size++;
  }

  /** Adds a forecast, which may be one that {@code waits} for its cell. */
  void add(Guest<F> guest, Guest.Arrival<F> forecast, boolean waits) {
    guest.add(forecast, waits);
    size++;
  }

  /** Has a series stay until its turn. */
  void keep(Guest<F> guest) {
    if (guest != atHand && !guest.isListed()) {
      list();
      atHand = guest;
    }
    earliest = Math.min(earliest, guest.readyMillis());
  }

  /** Has a series stay no longer. */
  private void leave(Guest<F> guest) {
    if (guest.isListed()) {
      guests.remove(guest.series());
      guest.setListed(false);
    } else if (guest == atHand) {
      atHand = null;
    }
  }

  /** All that was here of a series is in its state now. */
  void visited(Guest<F> guest, HindsightSeries series) {
    size -= guest.size();
    guest.visited(series);
    if (isAsked) {
      newest.put(guest.series(), series.newest());
    }
    if (guest.waitsInState()) {
      keep(guest);
    } else {
      leave(guest);
    }
  }

  /** All that was here of a series has been taken, and its state is gone. */
  void forget(Guest<F> guest) {
    size -= guest.size();
    leave(guest);
  }

  /** Gives those their turn of whom something is ready by now, in the order of time. */
  void takeThrough(long nowMillis, Turn turn) throws Exception {
    if (earliest > nowMillis) {
      return;
    }
    earliest = Long.MAX_VALUE;
    list();
    PriorityQueue<Ready> ready = new PriorityQueue<>(Comparator.comparingLong(Ready::readyMillis));
    guests.forEach(
        (series, guest) -> {
          if (guest.readyMillis() <= nowMillis) {
            ready.add(new Ready(series, guest.readyMillis()));
          } else {
            earliest = Math.min(earliest, guest.readyMillis());
          }
        });
    while (!ready.isEmpty()) {
      Ready next = ready.remove();
      turn.of(next.series, next.readyMillis);
      // What is behind it may be ready as well.
      Guest<F> guest = find(next.series);
      if (guest != null
          && guest.readyMillis() > next.readyMillis
          && guest.readyMillis() <= nowMillis) {
        ready.add(new Ready(next.series, guest.readyMillis()));
      }
    }
  }

  /** The series of which something has come. */
  List<String> come() {
    list();
    List<String> series = new ArrayList<>();
    guests.forEach(
        (name, guest) -> {
          if (guest.size() > 0) {
            series.add(name);
          }
        });
    return series;
  }

  /** Tells of those that wait in the state. */
  void forEachWaiting(Turn action) throws Exception {
    list();
    for (Guest<F> guest : guests.values()) {
      if (guest.readyMillis() < Long.MAX_VALUE) {
        action.of(guest.series(), guest.readyMillis());
      }
    }
  }
}
