package io.tidecast.page.kept;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The newest of what was given to show, within {@link KeptLimits}. Whoever looks asks with the mark
 * of the last look and is told what has changed since, so that nothing waits for a slow one. Any
 * thread may use it.
 */
public final class PageStore {

  /** So many series that somebody asked for are kept beyond the limit. */
  private static final int MOST_WANTED = 64;

  private final KeptLimits limits;
  private final Room room;
  private final TreeMap<String, KeptSeries> all = new TreeMap<>();
  private final Set<String> wanted = new LinkedHashSet<>();
  private @Nullable String first;
  private long mark;
  private long leftOut;
  private long crowdedOut;

  /**
   * Series of some name.
   *
   * @param names of the first ones
   * @param count of all
   */
  public record Found(List<String> names, int count) {}

  /**
   * How much is kept.
   *
   * @param series that are
   * @param leftOut records of other series
   * @param crowdedOut records for which the memory did not suffice
   * @param bytes that are used, about
   */
  public record Fill(int series, long leftOut, long crowdedOut, long bytes) {}

  public PageStore(KeptLimits limits) {
    this.limits = limits;
    this.room = new Room(limits.bytes());
  }

  /** Returns the limits. */
  public KeptLimits limits() {
    return limits;
  }

  public void add(Cell cell) {
    add(cell.series(), (series, now) -> series.add(cell, now));
  }

  public void add(Fan fan) {
    add(fan.series(), (series, now) -> series.add(fan, now));
  }

  public void add(Score score) {
    add(score.of().series(), (series, now) -> series.add(score, now));
  }

  public void add(Breach breach) {
    add(breach.series(), (series, now) -> series.add(breach, now));
  }

  private synchronized void add(String name, BiPredicate<KeptSeries, Long> record) {
    KeptSeries series = all.get(name);
    if (series == null) {
      if (all.size() >= limits.series() && !wanted.contains(name)) {
        leftOut++;
        return;
      }
      if (!room.take(KeptSeries.BYTES)) {
        crowdedOut++;
        return;
      }
      series = new KeptSeries(limits, room);
      all.put(name, series);
      first = first == null ? name : first;
    }
    mark++;
    if (!record.test(series, mark)) {
      crowdedOut++;
    }
  }

  /** Says how much is kept. */
  public synchronized Fill fill() {
    return new Fill(all.size(), leftOut, crowdedOut, room.used());
  }

  /** Keeps a series from now on, even if there are as many as there may be. */
  public synchronized void want(String name) {
    wanted.remove(name);
    wanted.add(name);
    if (wanted.size() > MOST_WANTED) {
      String oldest = wanted.iterator().next();
      wanted.remove(oldest);
    }
  }

  /** The series that is shown where nobody has chosen one; null while there is none. */
  public synchronized @Nullable String first() {
    KeptSeries oldest = first == null ? null : all.get(first);
    if (oldest == null || oldest.hasFans()) {
      return first;
    }
    for (Map.Entry<String, KeptSeries> one : all.entrySet()) {
      if (one.getValue().hasFans()) {
        return one.getKey();
      }
    }
    return first;
  }

  /**
   * Finds series whose names have a text in them, those that begin with it first.
   *
   * @param most names
   */
  public synchronized Found search(String text, int most) {
    String sought = text.toLowerCase(Locale.ROOT);
    List<String> beginning = new ArrayList<>();
    List<String> having = new ArrayList<>();
    for (String name : all.keySet()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(sought)) {
        beginning.add(name);
      } else if (lower.contains(sought)) {
        having.add(name);
      }
    }
    int count = beginning.size() + having.size();
    beginning.addAll(having);
    return new Found(List.copyOf(beginning.subList(0, Math.min(most, count))), count);
  }

  /**
   * Says what has changed of a series.
   *
   * @param target of it; null, or one that there is not, for the first
   * @param since the mark of the last look; 0 for everything
   * @return null while nothing is kept of it
   */
  public synchronized @Nullable SeriesView look(
      String series, @Nullable String target, long since) {
    KeptSeries kept = all.get(series);
    return kept == null ? null : kept.after(since, mark, series, target);
  }
}
