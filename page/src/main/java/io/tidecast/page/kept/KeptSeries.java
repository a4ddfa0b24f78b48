package io.tidecast.page.kept;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept of one series. Not thread-safe. */
final class KeptSeries {

  /** What an empty one takes, about. */
  static final int BYTES = 600;

  private static final int MOST_TARGETS = 512;
  private static final int MOST_MEMBERS = 16;
  private static final int MOST_BREACHES = 200;
  private static final int MOST_SCORES = 128;
  private static final int BREACH_BYTES = 200;

  private final KeptLimits limits;
  private final Room room;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private final TreeMap<Long, Marked<Fan>> fans = new TreeMap<>();
  private final Map<String, Marked<Fan>> members = new LinkedHashMap<>();

  /** Whose scores at which lead times. */
  private record ScoreKey(String model, String version, int firstLead, int lastLead) {}

  private record BreachKey(long timeMillis, String kind) {}

  private static final class Target {
    private final Cells cells;
    private final Map<ScoreKey, Marked<Score>> scores = new LinkedHashMap<>();
    private final TreeMap<BreachKey, Marked<Breach>> breaches =
        new TreeMap<>(
            Comparator.comparingLong(BreachKey::timeMillis).thenComparing(BreachKey::kind));

    Target(Cells cells) {
      this.cells = cells;
    }
  }

  /**
   * @param room that it shares with others
   */
  KeptSeries(KeptLimits limits, Room room) {
    this.limits = limits;
    this.room = room;
  }

  boolean add(Cell cell, long mark) {
    Target target = target(cell.target());
    return target != null && target.cells.put(cell.timeMillis(), cell.value(), mark);
  }

  boolean add(Fan fan, long mark) {
    boolean known = true;
    for (String target : fan.targets()) {
      known &= target(target) != null;
    }
    return known && (fan.isPrimary() ? addPrimary(fan, mark) : addMember(fan, mark));
  }

  private boolean addPrimary(Fan fan, long mark) {
    Marked<Fan> before = fans.get(fan.originMillis());
    if (before != null
        && (before.value().by().revision() > fan.by().revision() || isCut(fan, before.value()))) {
      return true;
    }
    if (before != null) {
      drop(fan.originMillis());
    }
    while (!room.take(fan.bytes())) {
      if (fans.isEmpty()) {
        return false;
      }
      drop(fans.firstKey());
    }
    fans.put(fan.originMillis(), new Marked<>(fan, mark));
    if (fans.size() > limits.fans()) {
      drop(leastMissed());
    }
    return true;
  }

  /** Whether a forecast is the same as one before with fewer steps, as a request may want it. */
  private static boolean isCut(Fan fan, Fan before) {
    return fan.originMillis() == before.originMillis()
        && fan.by().revision() == before.by().revision()
        && fan.values().timesMillis().length < before.values().timesMillis().length;
  }

  /**
   * The origin that is missed least: what is left lies the closer together the newer it is, and
   * still goes far back.
   */
  private long leastMissed() {
    long newest = fans.lastKey();
    long least = fans.firstKey();
    double leastGap = Double.POSITIVE_INFINITY;
    for (long origin : fans.keySet()) {
      Long before = fans.lowerKey(origin);
      Long after = fans.higherKey(origin);
      if (before != null && after != null) {
        double gap = (double) (after - before) / (newest - origin);
        if (gap < leastGap) {
          leastGap = gap;
          least = origin;
        }
      }
    }
    return least;
  }

  private void drop(long origin) {
    Marked<Fan> gone = fans.remove(origin);
    if (gone != null) {
      room.give(gone.value().bytes());
    }
  }

  /** Of one beside the primary, the newest forecast is kept. */
  private boolean addMember(Fan fan, long mark) {
    String model = fan.by().model() + "@" + fan.by().version();
    Marked<Fan> before = members.get(model);
    if (before != null
        && (before.value().originMillis() > fan.originMillis() || isCut(fan, before.value()))) {
      return true;
    }
    if (before == null && members.size() >= MOST_MEMBERS) {
      return false;
    }
    if (before != null) {
      room.give(before.value().bytes());
      members.remove(model);
    }
    if (!room.take(fan.bytes())) {
      return false;
    }
    members.put(model, new Marked<>(fan, mark));
    return true;
  }

  boolean add(Score score, long mark) {
    Target target = target(score.of().target());
    if (target == null) {
      return false;
    }
    ScoreKey key =
        new ScoreKey(score.of().model(), score.of().version(), score.firstLead(), score.lastLead());
    if (!target.scores.containsKey(key)
        && (target.scores.size() >= MOST_SCORES || !room.take(Score.BYTES))) {
      return false;
    }
    target.scores.put(key, new Marked<>(score, mark));
    return true;
  }

  boolean add(Breach breach, long mark) {
    Target target = target(breach.target());
    if (target == null) {
      return false;
    }
    BreachKey key = new BreachKey(breach.timeMillis(), breach.kind());
    if (!target.breaches.containsKey(key)) {
      if (target.breaches.size() >= MOST_BREACHES) {
        target.breaches.pollFirstEntry();
      } else if (!room.take(BREACH_BYTES)) {
        return false;
      }
    }
    target.breaches.put(key, new Marked<>(breach, mark));
    return true;
  }

  boolean hasFans() {
    return !fans.isEmpty();
  }

  /**
   * Says what has changed.
   *
   * @param wanted the target; null or one that there is not for the first
   */
  @Nullable SeriesView after(long mark, long now, String series, @Nullable String wanted) {
    if (targets.isEmpty()) {
      return null;
    }
    List<String> names = List.copyOf(targets.keySet());
    String name = wanted != null && targets.containsKey(wanted) ? wanted : names.get(0);
    Target target = targets.get(name);
    if (target == null) {
      return null;
    }
    Cells.Changed cells = target.cells.after(mark);
    List<Fan> changed = new ArrayList<>();
    for (Fan fan : newer(fans.values(), mark)) {
      addOne(fan, name, changed);
    }
    for (Fan fan : newer(members.values(), mark)) {
      addOne(fan, name, changed);
    }
    long[] origins = fans.keySet().stream().mapToLong(Long::longValue).toArray();
    return new SeriesView(
        series,
        now,
        names,
        name,
        cells.timesMillis(),
        cells.values(),
        origins,
        changed,
        newer(target.scores.values(), mark).isEmpty()
            ? List.of()
            : newer(target.scores.values(), -1),
        newer(target.breaches.values(), mark));
  }

  private static <T> List<T> newer(Collection<Marked<T>> all, long mark) {
    return all.stream().filter(one -> one.mark() > mark).map(Marked::value).toList();
  }

  /** Adds what a forecast says of one target, if it does. */
  private static void addOne(Fan fan, String target, List<Fan> to) {
    int at = fan.targets().indexOf(target);
    if (at < 0) {
      return;
    }
    if (fan.targets().size() == 1) {
      to.add(fan);
      return;
    }
    int horizon = fan.values().timesMillis().length;
    int targets = fan.targets().size();
    int levels = fan.values().levels().length;
    float[] points = new float[horizon];
    float[] quantiles = new float[horizon * levels];
    for (int step = 0; step < horizon; step++) {
      int from = step * targets + at;
      points[step] = fan.values().points()[from];
      System.arraycopy(fan.values().quantiles(), from * levels, quantiles, step * levels, levels);
    }
    to.add(
        new Fan(
            fan.series(),
            fan.by(),
            fan.originMillis(),
            fan.issuedMillis(),
            List.of(target),
            new Fan.Values(fan.values().timesMillis(), points, fan.values().levels(), quantiles)));
  }

  private @Nullable Target target(String name) {
    Target found = targets.get(name);
    if (found == null && targets.size() < MOST_TARGETS && room.take(BYTES)) {
      found = new Target(new Cells(limits.cells(), room));
      targets.put(name, found);
    }
    return found;
  }
}
