package io.tidecast.runtime.grid;

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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From one cell of a grid to the next: a fixed time, or a day, business day, week, month, quarter,
 * half or whole year of a time zone. Turns times into cells and back. Fixed cells are counted from
 * 1970-01-01T00:00:00Z; those of the calendar (weeks from Monday, quarters from January) from the
 * one that holds 1970-01-01 of the zone; those before have negative numbers. All of them may begin
 * later by an offset: days at 06:00, hours half an hour past those of UTC.
 *
 * <p>Business days are Monday to Friday, holidays among them. The cell of a Friday lasts until
 * Monday: what is observed at a weekend belongs to it.
 *
 * @param millis length of a cell; of a calendar cell its usual or average length
 * @param unit null for a fixed length
 * @param offsetMillis by which cells begin later; of calendar cells, on the clocks of the zone
 */
public record GridStep(long millis, @Nullable Unit unit, ZoneId zone, long offsetMillis)
    implements Serializable {

  /** A part of the calendar. */
  public enum Unit {
    DAY(1, "P1D", Duration.ofDays(1)),
    WEEK(2, "P1W", Duration.ofDays(7)),
    MONTH(3, "P1M", months(1)),
    QUARTER(4, "P3M", months(3)),
    HALF_YEAR(5, "P6M", months(6)),
    YEAR(6, "P1Y", months(12)),
    BUSINESS_DAY(7, "business-day", Duration.ofDays(7).dividedBy(5));

    private final int code;
    private final String text;
    private final Duration usual;

    Unit(int code, String text, Duration usual) {
      this.code = code;
      this.text = text;
      this.usual = usual;
    }

    private static Duration months(int months) {
      return ChronoField.MONTH_OF_YEAR.getBaseUnit().getDuration().multipliedBy(months);
    }

    /** Returns the unit that job files, manifests and options call so; empty for another text. */
    public static Optional<Unit> of(String text) {
      String name = text.equals("P12M") ? YEAR.text : text;
      return Arrays.stream(values()).filter(unit -> unit.text.equals(name)).findFirst();
    }

    /** Lists what job files, manifests and options call them, for messages. */
    public static String names() {
      return Arrays.stream(values()).map(Unit::text).collect(Collectors.joining(", "));
    }

    /** Returns what job files, manifests and options call it, such as {@code P1M}. */
    public String text() {
      return text;
    }

    /** The usual or average length. */
    public Duration usual() {
      return usual;
    }

    /**
     * Whether one is not as long as another even where no clock is changed, so that a time and a
     * number of cells do not tell another time.
     */
    public boolean isUneven() {
      return this != DAY && this != WEEK;
    }

    private int months() {
      return switch (this) {
        case MONTH -> 1;
        case QUARTER -> 3;
        case HALF_YEAR -> 6;
        case YEAR -> 12;
        case DAY, WEEK, BUSINESS_DAY -> 0;
      };
    }
  }

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final int DAYS_OF_WEEK = 7;

  /** 1970-01-01 was a Thursday. */
  private static final int DAYS_FROM_MONDAY = 3;

  private static final Instant OFFSETS_SINCE = Instant.parse("2000-01-01T00:00:00Z");

  private static final int BUSINESS_DAYS = 5;
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

  /** Whether one cell is longer than another, whatever clocks do: months, or business days. */
  public boolean isUneven() {
    return unit != null && unit.isUneven();
  }

  /** As {@link #millis}. */
  public Duration length() {
    return Duration.ofMillis(millis);
  }

  /**
   * The length of the shortest cell, where no clock is changed: a February of 28 days, a day of a
   * business week.
   */
  public Duration shortest() {
    if (unit == null || !unit.isUneven()) {
      return length();
    }
    return switch (unit) {
      case BUSINESS_DAY -> Duration.ofDays(1);
      case MONTH -> Duration.ofDays(28);
      case QUARTER -> Duration.ofDays(90);
      case HALF_YEAR -> Duration.ofDays(181);
      case YEAR -> Duration.ofDays(365);
      case DAY, WEEK -> length();
    };
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
    // Neither 0 nor, in all likelihood, that of another grid: the bits are spread. There is room
    // for the codes of three units; the others are told apart by the rest.
    long told = offsetMillis + (code < 4 ? 0 : (long) code << 56);
    int low = Math.min(code, 3);
    if (told == 0) {
      return unit == null ? 0 : zone.getId().hashCode() * 4 + low;
    }
    int spread = Long.hashCode(told * 0x9E3779B97F4A7C15L) | 1;
    return (unit == null ? spread : spread ^ zone.getId().hashCode()) * 4 + low;
  }

  /** Returns what job files, manifests and options call it, without zone and offset. */
  public String text() {
    return unit == null ? length().toString() : unit.text;
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
          case BUSINESS_DAY -> businessDay(date.toEpochDay() + DAYS_FROM_MONDAY);
          case MONTH, QUARTER, HALF_YEAR, YEAR ->
              Math.floorDiv(
                  (date.getYear() - (long) FIRST_YEAR) * MONTHS_OF_YEAR + date.getMonthValue() - 1,
                  unit.months());
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
      case BUSINESS_DAY ->
          LocalDate.ofEpochDay(
              Math.floorDiv(cell, BUSINESS_DAYS) * DAYS_OF_WEEK
                  - DAYS_FROM_MONDAY
                  + Math.floorMod(cell, BUSINESS_DAYS));
      case MONTH, QUARTER, HALF_YEAR, YEAR -> {
        long month = cell * unit.months();
        yield LocalDate.of(
            (int) Math.floorDiv(month, MONTHS_OF_YEAR) + FIRST_YEAR,
            Math.floorMod(month, MONTHS_OF_YEAR) + 1,
            1);
      }
    };
  }

  /** Counts business days; those of a weekend belong to its Friday. */
  private static long businessDay(long daysFromMonday) {
    return Math.floorDiv(daysFromMonday, DAYS_OF_WEEK) * BUSINESS_DAYS
        + Math.min(BUSINESS_DAYS - 1, Math.floorMod(daysFromMonday, DAYS_OF_WEEK));
  }
}
