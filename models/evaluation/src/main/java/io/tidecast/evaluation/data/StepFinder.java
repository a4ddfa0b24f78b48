package io.tidecast.evaluation.data;

import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.grid.GridStep.Unit;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the step of rows: the distance that most have from the row before, if all others are a
 * number of them, so that what lies between are rows that are missing. Dates that are months,
 * quarters or years apart, or that leave out weekends, are of the calendar.
 */
final class StepFinder {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final int DAYS_OF_WEEK = 7;
  private static final int WEEKENDS = 2;

  private final Collection<SeriesRows> series;
  private final ZoneId zone;
  private final CsvColumns.Problems problems;

  /**
   * @param series whose rows are in order; one of them at least has two times
   * @param zone of days and months
   */
  StepFinder(Collection<SeriesRows> series, ZoneId zone, CsvColumns.Problems problems) {
    this.series = series;
    this.zone = zone;
    this.problems = problems;
  }

  /** Puts a declared step where the rows are: fixed cells begin with them, if all are so far. */
  GridStep of(GridStep declared) {
    GridStep step = declared.in(zone);
    if (step.isCalendar()) {
      return step;
    }
    long phase = phase(step.millis());
    return offRow(step.millis(), phase) == null ? step.plus(Duration.ofMillis(phase)) : step;
  }

  /**
   * Finds the step.
   *
   * @throws DataException if it is not plain, naming a row that tells against it
   */
  GridStep find() {
    long usual = usual();
    if (usual >= DAY - 4 * HOUR && haveOneTimeOfDay()) {
      GridStep calendar = ofDates(usual);
      if (calendar != null) {
        return calendar;
      }
    }
    long phase = phase(usual);
    Row off = offRow(usual, phase);
    if (off != null) {
      long distance = off.rows.time(off.row) - off.rows.time(Math.max(0, off.row - 1));
      boolean isByClocks =
          usual % DAY == 0
              && Math.abs(distance - Math.round(distance / (double) DAY) * DAY) <= HOUR;
      throw problems.at(
          off.rows.line(off.row),
          "%s is %s after the row before, but most are %s apart; %s"
              .formatted(
                  Instant.ofEpochMilli(off.rows.time(off.row)),
                  Duration.ofMillis(distance),
                  Duration.ofMillis(usual),
                  isByClocks
                      ? "--time-zone, such as Europe/Berlin, has days that are as long as its clocks make them"
                      : "--step says how far rows are, and each falls into the cell that holds its time"));
    }
    return GridStep.fixed(Duration.ofMillis(usual)).plus(Duration.ofMillis(phase));
  }

  private record Row(SeriesRows rows, int row) {}

  /** The distance that is most frequent; of two, the shorter. */
  private long usual() {
    Map<Long, Integer> counts = new HashMap<>();
    for (SeriesRows rows : series) {
      for (int row = 1; row < rows.size(); row++) {
        long distance = rows.time(row) - rows.time(row - 1);
        if (distance > 0) {
          counts.merge(distance, 1, Integer::sum);
        }
      }
    }
    long usual = 0;
    int most = 0;
    for (Map.Entry<Long, Integer> one : counts.entrySet()) {
      if (one.getValue() > most || one.getValue() == most && one.getKey() < usual) {
        usual = one.getKey();
        most = one.getValue();
      }
    }
    return usual;
  }

  private long phase(long step) {
    return Math.floorMod(series.iterator().next().time(0), step);
  }

  private @Nullable Row offRow(long step, long phase) {
    for (SeriesRows rows : series) {
      for (int row = 0; row < rows.size(); row++) {
        if (Math.floorMod(rows.time(row) - phase, step) != 0) {
          return new Row(rows, row);
        }
      }
    }
    return null;
  }

  private LocalDateTime local(long millis) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), zone);
  }

  private boolean haveOneTimeOfDay() {
    var first = local(series.iterator().next().time(0)).toLocalTime();
    for (SeriesRows rows : series) {
      for (int row = 0; row < rows.size(); row++) {
        if (!local(rows.time(row)).toLocalTime().equals(first)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The distinct dates of each series, in order. */
  private List<List<LocalDate>> dates() {
    List<List<LocalDate>> all = new ArrayList<>();
    for (SeriesRows rows : series) {
      List<LocalDate> dates = new ArrayList<>();
      for (int row = 0; row < rows.size(); row++) {
        LocalDate date = local(rows.time(row)).toLocalDate();
        if (dates.isEmpty() || !dates.get(dates.size() - 1).equals(date)) {
          dates.add(date);
        }
      }
      all.add(dates);
    }
    return all;
  }

  /** Returns the step of the calendar that dates have; null where a fixed one does as well. */
  private @Nullable GridStep ofDates(long usual) {
    List<List<LocalDate>> dates = dates();
    Duration timeOfDay =
        Duration.ofNanos(local(series.iterator().next().time(0)).toLocalTime().toNanoOfDay());
    long days = Math.round(usual / (double) DAY);
    if (days == 1) {
      return leaveOutWeekends(dates)
          ? GridStep.of(Unit.BUSINESS_DAY, zone).plus(timeOfDay)
          : GridStep.of(Unit.DAY, zone).in(zone).plus(timeOfDay);
    }
    Unit months = months(dates);
    if (months != null) {
      return GridStep.of(months, zone);
    }
    if (days == DAYS_OF_WEEK && !GridStep.of(Unit.DAY, zone).in(zone).isCalendar()) {
      return null;
    }
    if (days == DAYS_OF_WEEK) {
      DayOfWeek weekday = dates.get(0).get(0).getDayOfWeek();
      boolean isOne =
          dates.stream().flatMap(List::stream).allMatch(date -> date.getDayOfWeek() == weekday);
      return isOne
          ? GridStep.of(Unit.WEEK, zone).plus(timeOfDay.plusDays(weekday.getValue() - 1L))
          : null;
    }
    return null;
  }

  private static boolean leaveOutWeekends(List<List<LocalDate>> dates) {
    int weekends = 0;
    for (List<LocalDate> ofSeries : dates) {
      for (int i = 0; i < ofSeries.size(); i++) {
        LocalDate date = ofSeries.get(i);
        if (date.getDayOfWeek().getValue() > DayOfWeek.FRIDAY.getValue()) {
          return false;
        }
        weekends +=
            i > 0 && date.getDayOfWeek().getValue() <= ofSeries.get(i - 1).getDayOfWeek().getValue()
                ? 1
                : 0;
      }
    }
    return weekends >= WEEKENDS;
  }

  /**
   * Returns the part of the calendar that dates are apart which are all the same day of a month, or
   * the last; null where that is none.
   */
  private static @Nullable Unit months(List<List<LocalDate>> dates) {
    LocalDate first = dates.get(0).get(0);
    boolean isSameDay =
        dates.stream()
            .flatMap(List::stream)
            .allMatch(date -> date.getDayOfMonth() == first.getDayOfMonth());
    boolean isLastDay =
        dates.stream()
            .flatMap(List::stream)
            .allMatch(date -> date.getDayOfMonth() == date.lengthOfMonth());
    if (!isSameDay && !isLastDay) {
      return null;
    }
    Map<Long, Integer> counts = new HashMap<>();
    for (List<LocalDate> ofSeries : dates) {
      for (int i = 1; i < ofSeries.size(); i++) {
        counts.merge(
            ChronoUnit.MONTHS.between(
                ofSeries.get(i - 1).withDayOfMonth(1), ofSeries.get(i).withDayOfMonth(1)),
            1,
            Integer::sum);
      }
    }
    long usual =
        counts.entrySet().stream()
            .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(one -> -one.getKey()))
            .map(Map.Entry::getKey)
            .orElse(0L);
    Unit unit = usual == 0 ? null : Unit.of("P" + usual + "M").orElse(null);
    return unit != null && counts.keySet().stream().allMatch(months -> months % usual == 0)
        ? unit
        : null;
  }
}
