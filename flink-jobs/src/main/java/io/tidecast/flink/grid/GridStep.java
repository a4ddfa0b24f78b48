package io.tidecast.flink.grid;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From one cell of a grid to the next: a fixed time, or a day, week or month of a time zone. Turns
 * times into cells and back. Fixed cells are counted from 1970-01-01T00:00:00Z; days, weeks (Monday
 * first) and months from those that hold 1970-01-01 of the zone; those before have negative
 * numbers. All of them may begin later by an offset: days at 06:00, hours half an hour past those
 * of UTC.
 *
 * @param millis length of a cell; of a calendar cell its usual or average length
 * @param unit null for a fixed length
 * @param offsetMillis by which cells begin later; of calendar cells, on the clocks of the zone
 */
public record GridStep(long millis, @Nullable Unit unit, ZoneId zone, long offsetMillis)
    implements Serializable {

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

  private static final Instant OFFSETS_SINCE = Instant.parse("2000-01-01T00:00:00Z");

  private static final int MONTHS_OF_YEAR = 12;
  private static final int FIRST_YEAR = 1970;

  public GridStep {
    requireNonNull(zone, "zone is null");
    if (millis <= 0) {
      throw new IllegalArgumentException("must be positive: millis=" + millis);
    }
    if (offsetMillis < 0 || offsetMillis >= millis) {
      throw new IllegalArgumentException(
          "must be within 0..millis-1: offsetMillis=%d, millis=%d".formatted(offsetMillis, millis));
    }
  }

  public static GridStep fixed(Duration length) {
    return new GridStep(length.toMillis(), null, ZoneOffset.UTC, 0);
  }

  public static GridStep of(Unit unit, ZoneId zone) {
    return new GridStep(unit.usual.toMillis(), unit, zone, 0);
  }

  /** The same part of the calendar in a zone; a day without changes of the clock is fixed. */
  public GridStep in(ZoneId zone) {
    if (unit == null || (unit == Unit.DAY && ZoneOffset.UTC.equals(zone.normalized()))) {
      return fixed(length());
    }
    return of(unit, zone);
  }

  /** Returns the same cells, all of them later by an offset that is shorter than a cell. */
  public GridStep plus(Duration offset) {
    return new GridStep(millis, unit, zone, offset.toMillis());
  }

  /**
   * Returns by how much the fixed cells that begin with the clocks of a zone begin later than those
   * of UTC, milliseconds: half past for hours of India. Empty where the clocks have not always been
   * the same part of a cell from UTC since 2000, or will not be.
   */
  public OptionalLong offsetOf(ZoneId zone) {
    ZoneRules rules = zone.getRules();
    List<Long> offsets =
        Stream.of(
                Stream.of(rules.getOffset(OFFSETS_SINCE)),
                rules.getTransitions().stream()
                    .filter(change -> change.getInstant().isAfter(OFFSETS_SINCE))
                    .map(ZoneOffsetTransition::getOffsetAfter),
                rules.getTransitionRules().stream().map(ZoneOffsetTransitionRule::getOffsetAfter))
            .flatMap(Function.identity())
            .map(offset -> Math.floorMod(-offset.getTotalSeconds() * 1_000L, millis))
            .distinct()
            .toList();
    return offsets.size() == 1 ? OptionalLong.of(offsets.get(0)) : OptionalLong.empty();
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
    return unit == null
        ? Math.floorDiv(timeMillis - offsetMillis, millis)
        : calendarCell(timeMillis, unit);
  }

  /** When a cell begins; the time that it stands for. */
  public long startMillis(long cell) {
    return unit == null ? cell * millis + offsetMillis : calendarStart(cell, unit);
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

  /**
   * Tells grids of the same length apart: 0 when fixed without an offset, else of the unit, the
   * zone's name and the offset.
   */
  public int calendarId() {
    int code = unit == null ? 0 : unit.code;
    if (offsetMillis == 0) {
      return unit == null ? 0 : zone.getId().hashCode() * 4 + code;
    }
    // Neither 0 nor, in all likelihood, that of another grid: the bits of the offset are spread.
    int spread = Long.hashCode(offsetMillis * 0x9E3779B97F4A7C15L) | 1;
    return (unit == null ? spread : spread ^ zone.getId().hashCode()) * 4 + code;
  }

  /** Describes it for people. */
  @Override
  public String toString() {
    String length = unit == null ? length().toString() : unit + " of " + zone;
    return offsetMillis == 0 ? length : length + " from " + Duration.ofMillis(offsetMillis);
  }

  private long calendarCell(long timeMillis, Unit unit) {
    LocalDate date =
        LocalDateTime.ofInstant(Instant.ofEpochMilli(timeMillis), zone)
            .minus(offsetMillis, ChronoUnit.MILLIS)
            .toLocalDate();
    long cell =
        switch (unit) {
          case DAY -> date.toEpochDay();
          case WEEK -> Math.floorDiv(date.toEpochDay() + DAYS_FROM_MONDAY, DAYS_OF_WEEK);
          case MONTH ->
              (date.getYear() - (long) FIRST_YEAR) * MONTHS_OF_YEAR + date.getMonthValue() - 1;
        };
    // Where clocks go back a date comes twice, and its cell begins with the first; where they go
    // forward it begins when they have gone.
    while (timeMillis >= calendarStart(cell + 1, unit)) {
      cell++;
    }
    while (timeMillis < calendarStart(cell, unit)) {
      cell--;
    }
    return cell;
  }

  private long calendarStart(long cell, Unit unit) {
    LocalDate day = firstDay(cell, unit);
    if (offsetMillis == 0) {
      return day.atStartOfDay(zone).toInstant().toEpochMilli();
    }
    LocalDateTime local = day.atStartOfDay().plus(offsetMillis, ChronoUnit.MILLIS);
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.getInstant().toEpochMilli()
        : local.atZone(zone).toInstant().toEpochMilli();
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
