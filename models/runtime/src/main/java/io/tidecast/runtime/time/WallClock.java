package io.tidecast.runtime.time;

import io.tidecast.runtime.time.TimeFormat.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of a zone: makes instants of what they show, with a rule for what they show twice or
 * never. Local times are milliseconds, counted as if the wall were in UTC. One thread uses it.
 */
final class WallClock {

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final int MILLIS_OF_SECOND = 1_000;

  private final ZoneId zone;
  private final ZoneRules rules;
  private final TimeFormat format;
  private final SeriesOrder order;

  // One offset holds from here to there, in local time, and those near an end may need an order.
  private long from = Long.MAX_VALUE;
  private long until = Long.MIN_VALUE;
  private long offsetMillis;
  private long quietFrom;
  private long quietUntil;

  WallClock(ZoneId zone, TimeFormat format, SeriesOrder order) {
    this.zone = zone;
    this.rules = zone.getRules();
    this.format = format;
    this.order = order;
  }

  /**
   * Returns the instant at which the clocks show a time.
   *
   * @param series whose time it is, for what goes by order
   * @throws TimeException if they never show it, or twice, and the rules refuse that
   */
  long millis(long localMillis, String series) throws TimeException {
    long millis;
    if (localMillis >= from && localMillis < until) {
      millis = localMillis - offsetMillis;
    } else {
      LocalDateTime local = local(localMillis);
      ZoneOffsetTransition change = rules.getTransition(local);
      if (change != null) {
        millis = change.isGap() ? skipped(local, change) : repeated(local, change, series);
        if (ordered()) {
          order.note(series, millis);
        }
        return millis;
      }
      find(local);
      millis = Math.subtractExact(localMillis, offsetMillis);
    }
    if (ordered()) {
      if (localMillis < quietFrom || localMillis >= quietUntil) {
        order.note(series, millis);
      } else {
        order.forget(series);
      }
    }
    return millis;
  }

  /**
   * Returns the instant at which a date begins: where clocks skip midnight, with the first time
   * that they show; where they show it twice, with the first of the two.
   */
  long startOfDay(long localMidnightMillis) {
    LocalDateTime local = local(localMidnightMillis);
    ZoneOffsetTransition change = rules.getTransition(local);
    if (change == null) {
      return localMidnightMillis - offsetMillis(rules.getOffset(local));
    }
    return change.isGap()
        ? change.getInstant().toEpochMilli()
        : localMidnightMillis - offsetMillis(change.getOffsetBefore());
  }

  private boolean ordered() {
    return format.clockChanges().overlap() == Overlap.IN_ORDER;
  }

  private long skipped(LocalDateTime local, ZoneOffsetTransition change) throws TimeException {
    Instant earlier = local.toInstant(change.getOffsetAfter());
    Instant later = local.toInstant(change.getOffsetBefore());
    return switch (format.clockChanges().gap()) {
      case EARLIER -> earlier.toEpochMilli();
      case LATER -> later.toEpochMilli();
      case REFUSE ->
          throw TimeException.expected(
              "a time that there is, but clocks of %s go from %s to %s; it would be %s with %s=earlier, %s with later"
                  .formatted(
                      zone,
                      change.getDateTimeBefore(),
                      change.getDateTimeAfter(),
                      earlier,
                      format.settings().gap(),
                      later));
    };
  }

  private long repeated(LocalDateTime local, ZoneOffsetTransition change, String series)
      throws TimeException {
    Instant earlier = local.toInstant(change.getOffsetBefore());
    Instant later = local.toInstant(change.getOffsetAfter());
    return switch (format.clockChanges().overlap()) {
      case EARLIER -> earlier.toEpochMilli();
      case LATER -> later.toEpochMilli();
      case IN_ORDER -> {
        Long chosen = order.choose(series, earlier.toEpochMilli(), later.toEpochMilli());
        if (chosen == null) {
          throw doubtful(earlier, later, "in-order, and neither goes on from the time before");
        }
        yield chosen;
      }
      case REFUSE -> throw doubtful(earlier, later, "refuse; earlier or later takes one of them");
    };
  }

  private TimeException doubtful(Instant earlier, Instant later, String rule) {
    return TimeException.expected(
        "one time, and where clocks of %s go back it is %s and %s (%s=%s)"
            .formatted(zone, earlier, later, format.settings().overlap(), rule));
  }

  /** Finds the times around a local one between which the clocks are not changed. */
  private void find(LocalDateTime local) {
    ZoneOffset offset = rules.getOffset(local);
    Instant instant = local.toInstant(offset);
    ZoneOffsetTransition before = rules.previousTransition(instant.plusNanos(1));
    ZoneOffsetTransition after = rules.nextTransition(instant);
    offsetMillis = offsetMillis(offset);
    from = before == null ? Long.MIN_VALUE : localMillis(latest(before));
    until = after == null ? Long.MAX_VALUE : localMillis(earliest(after));
    quietFrom = isOverlap(before) ? from + DAY_MILLIS : Long.MIN_VALUE;
    quietUntil = isOverlap(after) ? until - DAY_MILLIS : Long.MAX_VALUE;
  }

  private static boolean isOverlap(@Nullable ZoneOffsetTransition change) {
    return change != null && change.isOverlap();
  }

  private static LocalDateTime latest(ZoneOffsetTransition change) {
    return change.isGap() ? change.getDateTimeAfter() : change.getDateTimeBefore();
  }

  private static LocalDateTime earliest(ZoneOffsetTransition change) {
    return change.isGap() ? change.getDateTimeBefore() : change.getDateTimeAfter();
  }

  private static LocalDateTime local(long localMillis) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(localMillis, MILLIS_OF_SECOND),
        Math.floorMod(localMillis, MILLIS_OF_SECOND) * 1_000_000,
        ZoneOffset.UTC);
  }

  private static long localMillis(LocalDateTime local) {
    return local.toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static long offsetMillis(ZoneOffset offset) {
    return offset.getTotalSeconds() * (long) MILLIS_OF_SECOND;
  }
}
