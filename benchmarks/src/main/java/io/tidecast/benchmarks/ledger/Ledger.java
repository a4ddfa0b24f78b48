package io.tidecast.benchmarks.ledger;

import static java.util.Objects.requireNonNull;

import io.tidecast.schemas.DeadLetter;
import io.tidecast.schemas.Forecast;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts forecasts and dead letters, and holds them against what a plan owes. One thread. */
public final class Ledger {

  private final Plan plan;
  private final Wrong wrong;
  private final int before;

  /** How often there was a forecast of each series from each cell, as far as any came. */
  private final byte[][] forecasts;

  /** The first cell of each series that must have a forecast and has none yet. */
  private final int[] next;

  private final Map<Feed.Place, Integer> letters = new HashMap<>();
  private final Map<String, Long> reasons = new TreeMap<>();
  private long different;
  private long unexpected;
  private long fallbacks;

  /**
   * The observation whose value is not that of the plan, and that the model fails on.
   *
   * @param cell -1 where there is none
   */
  public record Wrong(int series, int cell) {
    public static final Wrong NONE = new Wrong(-1, -1);

    /** The model may be spared the series for a while after it has failed on it. */
    private boolean excusesFallback(int otherSeries, long origin) {
      return otherSeries == series && origin >= cell;
    }

    private boolean isSeenFrom(int otherSeries, long origin, int contextLength) {
      return excusesFallback(otherSeries, origin) && origin - cell < contextLength;
    }
  }

  public Ledger(Plan plan, Wrong wrong) {
    this(plan, wrong, 0);
  }

  /**
   * @param before cells of each series that another job has answered, whose forecasts nobody owes
   *     any more
   */
  public Ledger(Plan plan, Wrong wrong, int before) {
    this.plan = plan;
    this.wrong = wrong;
    this.before = before;
    this.forecasts = new byte[plan.series()][0];
    this.next = new int[plan.series()];
    Arrays.fill(next, firstOwed());
  }

  public void take(Forecast forecast) {
    int series = plan.index(forecast.getSeries());
    long cell = Plan.cell(forecast.getOrigin());
    if (series < 0 || cell < firstOwed() || forecast.getRevision() != 0) {
      unexpected++;
      return;
    }
    count(series, Math.toIntExact(cell));
    if (forecast.getFallback()) {
      fallbacks++;
      different += wrong.excusesFallback(series, cell) ? 0 : 1;
    } else if (wrong.isSeenFrom(series, cell, plan.contextLength())
        || !isRight(forecast, series, cell)) {
      different++;
    }
  }

  private int firstOwed() {
    return Math.max(before, plan.contextLength() - 1);
  }

  private void count(int series, int cell) {
    byte[] counts = forecasts[series];
    if (cell >= counts.length) {
      counts = Arrays.copyOf(counts, Math.max(2 * counts.length, cell + 1));
      forecasts[series] = counts;
    }
    counts[cell] = (byte) Math.min(counts[cell] + 1, Byte.MAX_VALUE);
    while (next[series] < counts.length && counts[next[series]] > 0) {
      next[series]++;
    }
  }

  /** The first cell that not every series has a forecast from, of those that must have one. */
  public int answered() {
    return Arrays.stream(next).min().orElse(0);
  }

  private boolean isRight(Forecast forecast, int series, long cell) {
    List<Double> points = forecast.getPoints();
    if (points.size() != Plan.HORIZON) {
      return false;
    }
    for (int step = 0; step < Plan.HORIZON; step++) {
      int seen = Math.toIntExact(cell) - Plan.HORIZON + 1 + step;
      if (points.get(step) != plan.value(series, seen)) {
        return false;
      }
    }
    return true;
  }

  public void take(DeadLetter letter) {
    if (Feed.isUnreadable(text(letter.getKey()))) {
      letters.merge(
          new Feed.Place(
              requireNonNull(letter.getPartition(), "partition is null"),
              requireNonNull(letter.getOffset(), "offset is null")),
          1,
          Integer::sum);
    } else {
      reasons.merge(letter.getReason(), 1L, Long::sum);
    }
  }

  private static String text(@Nullable ByteBuffer bytes) {
    return bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  /** Counts something that is neither a forecast nor a dead letter. */
  public void takeUnreadable() {
    unexpected++;
  }

  /**
   * Holds what was counted against what is owed.
   *
   * @param cells that every series was sent
   * @param unreadable records that each must have a dead letter
   */
  public Account account(int cells, Set<Feed.Place> unreadable) {
    long found = 0;
    long once = 0;
    long doubled = 0;
    long strange = unexpected;
    for (byte[] counts : forecasts) {
      for (int cell = 0; cell < counts.length; cell++) {
        if (cell >= cells) {
          strange += counts[cell];
        } else if (counts[cell] > 0) {
          found++;
          once += counts[cell] == 1 ? 1 : 0;
          doubled += counts[cell] - 1;
        }
      }
    }
    long expected = plan.forecasts(cells) - plan.forecasts(before);
    return new Account(
        letters(unreadable),
        expected,
        once,
        expected - found,
        doubled,
        different,
        strange,
        fallbacks);
  }

  private Account.Letters letters(Set<Feed.Place> unreadable) {
    long lost = unreadable.stream().filter(place -> !letters.containsKey(place)).count();
    // One that nobody owes is one of a record that was answered before.
    long doubled =
        letters.entrySet().stream()
            .mapToLong(one -> one.getValue() - (unreadable.contains(one.getKey()) ? 1L : 0L))
            .sum();
    return new Account.Letters(unreadable.size(), lost, doubled, Map.copyOf(reasons));
  }
}
