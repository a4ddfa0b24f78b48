package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import org.jspecify.annotations.Nullable;

/**
 * From one cell of a grid to the next: a fixed time, or a day, week or month of a time zone. Turns
 * times into cells and back. Fixed cells are counted from 1970-01-01T00:00:00Z; days, weeks (Monday
 * first) and months from those that hold 1970-01-01 of the zone; those before have negative
 * numbers.
 *
 * @param millis length of a cell; of a calendar cell its usual or average length
 * @param unit null for a fixed length
 */
public record GridStep(long millis, @Nullable Unit unit, ZoneId zone) implements Serializable {

  /** A part of the calendar. */
  public enum Unit {
    DAY(1, Duration.ofDays(1)),
    WEEK(2, Duration.ofDays(7)),
    MONTH(3, ChronoField.MONTH_OF_YEAR.getBaseUnit().getDuration());

    private final int code;
    private final Duration usual;

    Unit(int code, Duration usual) {
      this.code = code;
      this.usual = usual;
    }
  }

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final int DAYS_OF_WEEK = 7;

  /** 1970-01-01 was a Thursday. */
  private static final int DAYS_FROM_MONDAY = 3;

  private static final int MONTHS_OF_YEAR = 12;
  private static final int FIRST_YEAR = 1970;

  public GridStep {
    requireNonNull(zone, "zone is null");
    if (millis <= 0) {
      throw new IllegalArgumentException("must be positive: millis=" + millis);
    }
  }

  public static GridStep fixed(Duration length) {
    return new GridStep(length.toMillis(), null, ZoneOffset.UTC);
  }

  public static GridStep of(Unit unit, ZoneId zone) {
    return new GridStep(unit.usual.toMillis(), unit, zone);
  }

  /** The same part of the calendar in a zone; a day without changes of the clock is fixed. */
  public GridStep in(ZoneId zone) {
    if (unit == null || (unit == Unit.DAY && ZoneOffset.UTC.equals(zone.normalized()))) {
      return fixed(length());
    }
    return of(unit, zone);
  }

  /** As {@link #millis}. */
  public Duration length() {
    return Duration.ofMillis(millis);
  }

  public boolean isCalendar() {
    return unit != null;
  }

  /** The cell that a time falls into. */
  public long cell(long timeMillis) {
    return unit == null ? Math.floorDiv(timeMillis, millis) : calendarCell(timeMillis, unit);
  }

  /** When a cell begins; the time that it stands for. */
  public long startMillis(long cell) {
    return unit == null
        ? cell * millis
        : firstDay(cell, unit).atStartOfDay(zone).toInstant().toEpochMilli();
  }

  /** The last millisecond of a cell. */
  public long endMillis(long cell) {
    return startMillis(cell + 1) - 1;
  }

  /**
   * What a model takes for the time of a cell. Calendar cells are given as the date on the wall, at
   * 00:00 UTC: so one lies as far from the next as the model was told, whatever the clocks did.
   */
  public long wallMillis(long startMillis) {
    return unit == null ? startMillis : firstDay(cell(startMillis), unit).toEpochDay() * DAY_MILLIS;
  }

  /** At least as many cells as any span of this length can overlap, less one. */
  public long cellsWithin(Duration span) {
    long spanMillis = span.toMillis();
    // Twice as many calendar cells as usual: days of 23 hours, and days that a zone left out.
    return unit == null || spanMillis == 0
        ? -Math.floorDiv(-spanMillis, millis)
        : -Math.floorDiv(-spanMillis, millis / 2) + 1;
  }

  /** Tells grids of the same length apart: 0 when fixed, else of the unit and the zone's name. */
  public int calendarId() {
    return unit == null ? 0 : zone.getId().hashCode() * 4 + unit.code;
  }

  private long calendarCell(long timeMillis, Unit unit) {
    LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(timeMillis), zone);
    long cell =
        switch (unit) {
          case DAY -> date.toEpochDay();
          case WEEK -> Math.floorDiv(date.toEpochDay() + DAYS_FROM_MONDAY, DAYS_OF_WEEK);
          case MONTH ->
              (date.getYear() - (long) FIRST_YEAR) * MONTHS_OF_YEAR + date.getMonthValue() - 1;
        };
    // Where clocks go back over midnight a date comes twice; its cell begins with the first.
    while (timeMillis >= startMillis(cell + 1)) {
      cell++;
    }
    return cell;
  }

  private LocalDate firstDay(long cell, Unit unit) {
    return switch (unit) {
      case DAY -> LocalDate.ofEpochDay(cell);
      case WEEK -> LocalDate.ofEpochDay(cell * DAYS_OF_WEEK - DAYS_FROM_MONDAY);
      case MONTH ->
          LocalDate.of(
              (int) Math.floorDiv(cell, MONTHS_OF_YEAR) + FIRST_YEAR,
              Math.floorMod(cell, MONTHS_OF_YEAR) + 1,
              1);
    };
  }
}
