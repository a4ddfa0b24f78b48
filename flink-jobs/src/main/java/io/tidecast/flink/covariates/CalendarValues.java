package io.tidecast.flink.covariates;

import static java.util.Objects.requireNonNull;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.tidecast.flink.covariates.CovariateSettings.HolidayRegion;
import io.tidecast.runtime.grid.GridStep;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the calendar of a zone and the holidays of a country. One thread. */
public final class CalendarValues {

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final String[] WHOLE_COUNTRY = {};

  private final GridStep step;
  private final ZoneId zone;
  private final @Nullable HolidayManager holidays;
  private final String[] region;
  private final Map<Integer, Set<LocalDate>> holidaysByYear = new HashMap<>();

  /**
   * @param where the holidays are kept; null without any
   */
  CalendarValues(GridStep step, ZoneId zone, @Nullable HolidayRegion where) {
    this.step = step;
    this.zone = zone;
    this.holidays = where == null ? null : manager(where.country());
    this.region =
        where == null || where.region() == null
            ? WHOLE_COUNTRY
            : new String[] {where.region().toLowerCase(Locale.ROOT)};
  }

  /** Countries that have holidays, upper case. */
  public static Set<String> countries() {
    return HolidayManager.getSupportedCalendarCodes().stream()
        .filter(code -> code.length() == 2)
        .map(code -> code.toUpperCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Regions of a country that have holidays of their own, upper case. */
  public static Set<String> regions(String country) {
    CalendarHierarchy hierarchy = manager(country).getCalendarHierarchy();
    return hierarchy.getChildren().keySet().stream()
        .map(code -> code.toUpperCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static HolidayManager manager(String country) {
    return HolidayManager.getInstance(ManagerParameters.create(country.toLowerCase(Locale.ROOT)));
  }

  /** What a cell of the grid has for a covariate. */
  float value(CalendarCovariate covariate, long cell) {
    ZonedDateTime begin = Instant.ofEpochMilli(step.startMillis(cell)).atZone(zone);
    return switch (covariate) {
      case HOUR -> begin.getHour();
      case WEEKDAY -> begin.getDayOfWeek().getValue();
      case DAY_OF_YEAR -> begin.getDayOfYear();
      case MONTH -> begin.getMonthValue();
      case WEEKEND -> days(cell, begin, CalendarValues::isWeekend);
      case HOLIDAY -> days(cell, begin, this::isHoliday);
    };
  }

  private int days(long cell, ZonedDateTime begin, Predicate<LocalDate> counts) {
    LocalDate day = begin.toLocalDate();
    if (step.millis() <= DAY_MILLIS) {
      return counts.test(day) ? 1 : 0;
    }
    long end = step.startMillis(cell + 1);
    if (startMillis(day) < step.startMillis(cell)) {
      day = day.plusDays(1);
    }
    int days = 0;
    for (; startMillis(day) < end; day = day.plusDays(1)) {
      days += counts.test(day) ? 1 : 0;
    }
    return days;
  }

  private long startMillis(LocalDate day) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private static boolean isWeekend(LocalDate day) {
    return day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY;
  }

  private boolean isHoliday(LocalDate day) {
    return holidaysByYear.computeIfAbsent(day.getYear(), this::holidays).contains(day);
  }

  /** Also those of the years around that are kept on a working day of this one. */
  private Set<LocalDate> holidays(int year) {
    HolidayManager manager = requireNonNull(holidays, "holidays is null");
    // Managers are shared in the JVM, and do not say what they are to several threads.
    synchronized (CalendarValues.class) {
      return IntStream.rangeClosed(year - 1, year + 1)
          .mapToObj(Year::of)
          .flatMap(one -> manager.getHolidays(one, HolidayType.PUBLIC_HOLIDAY, region).stream())
          .map(Holiday::getDate)
          .filter(day -> day.getYear() == year)
          .collect(Collectors.toSet());
    }
  }
}
