package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * The instants at which clocks of a zone show one of some times. A time that does not exist where
 * clocks go forward is as much later as they do; of one that comes twice, the first counts. One
 * thread.
 */
public final class TimesOfDay implements Serializable {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A copy, of a class that is serializable.
  private final List<LocalTime> times;

  private final ZoneId zone;

  // The last answer; most series ask for the same.
  private long askedMillis = Long.MAX_VALUE;
  private long answerMillis = Long.MIN_VALUE;

  public TimesOfDay(List<LocalTime> times, ZoneId zone) {
    this.times = List.copyOf(times);
    this.zone = requireNonNull(zone, "zone is null");
    if (times.isEmpty()) {
      throw new IllegalArgumentException("must not be empty: times=[]");
    }
  }

  /** The first of these instants that is not before another. */
  public long firstFrom(long millis) {
    if (millis < askedMillis || millis > answerMillis) {
      askedMillis = millis;
      answerMillis = find(millis);
    }
    return answerMillis;
  }

  private long find(long millis) {
    long first = Long.MAX_VALUE;
    // From the day before: its last times may be later than their day where a zone left one out.
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone).minusDays(1);
    for (int i = 0; i <= 3; i++) {
      for (LocalTime time : times) {
        long instant = day.plusDays(i).atTime(time).atZone(zone).toInstant().toEpochMilli();
        if (instant >= millis) {
          first = Math.min(first, instant);
        }
      }
    }
    return first;
  }
}
