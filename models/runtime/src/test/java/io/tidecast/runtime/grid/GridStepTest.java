package io.tidecast.runtime.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GridStepTest {

  /** Half of the times are taken from here, so that changes of clocks are met. */
  private static final Instant[] TURNS = {
    Instant.parse("2024-03-31T01:00:00Z"),
    Instant.parse("2024-10-27T01:00:00Z"),
    Instant.parse("2010-11-07T02:31:00Z"),
    Instant.parse("2011-12-30T10:00:00Z"),
    Instant.parse("2018-11-04T03:00:00Z"),
    Instant.parse("1970-01-01T00:00:00Z"),
    Instant.parse("1999-12-31T23:59:59.999Z"),
    Instant.parse("2024-02-29T12:00:00Z"),
    Instant.parse("1945-08-15T00:00:00Z"),
    Instant.parse("1582-10-15T00:00:00Z")
  };

  @Test
  void shouldNumberFixedCellsFrom1970AlsoBackwards() {
    GridStep second = GridStep.fixed(Duration.ofSeconds(1));
    assertThat(second.cell(0)).isZero();
    assertThat(second.cell(999)).isZero();
    assertThat(second.cell(1_000)).isEqualTo(1);
    assertThat(second.cell(-1)).isEqualTo(-1);
    assertThat(second.cell(-1_000)).isEqualTo(-1);
    assertThat(second.startMillis(-1)).isEqualTo(-1_000);
    assertThat(second.endMillis(-1)).isEqualTo(-1);
    assertThat(second.wallMillis(-1_000)).isEqualTo(-1_000);
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,2024-03-31,23",
    "Europe/Berlin,2024-10-27,25",
    "Europe/Berlin,2024-02-29,24",
    "America/Sao_Paulo,2018-11-04,23",
    "Australia/Lord_Howe,2024-04-07,24",
    "Pacific/Apia,2011-12-30,0",
    "America/St_Johns,2010-11-07,25"
  })
  void shouldHaveDaysAsLongAsTheClocksMakeThem(String zone, LocalDate date, int hours) {
    GridStep day = GridStep.of(GridStep.Unit.DAY, ZoneId.of(zone));
    long start = day.startMillis(date.toEpochDay());
    long end = day.startMillis(date.toEpochDay() + 1);

    assertThat(Duration.ofMillis(end - start).toHours()).isEqualTo(hours);
    if (hours > 0) {
      assertThat(day.cell(start)).isEqualTo(date.toEpochDay());
      assertThat(day.cell(end - 1)).isEqualTo(date.toEpochDay());
    }
    assertThat(day.cell(end)).isEqualTo(date.toEpochDay() + 1);
    assertThat(day.cell(start - 1)).isEqualTo(date.toEpochDay() - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Havana",
        "America/Juneau",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "Africa/Monrovia"
      })
  void shouldBeTheCalendarOfAnyZone(String name) {
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(name.hashCode());
    for (GridStep.Unit unit : GridStep.Unit.values()) {
      GridStep step = GridStep.of(unit, zone);
      for (int i = 0; i < 2_000; i++) {
        long time = time(random);
        long cell = step.cell(time);
        assertThat(time).isBetween(step.startMillis(cell), step.endMillis(cell));
        assertThat(step.cell(step.startMillis(cell))).isEqualTo(cell);
        ZonedDateTime start = Instant.ofEpochMilli(step.startMillis(cell)).atZone(zone);
        LocalDate first = firstDay(unit, cell);
        assertThat(start).isEqualTo(first.atStartOfDay(zone));
        assertThat(firstDay(unit, cell + 1)).isEqualTo(next(unit, first));
        assertThat(Instant.ofEpochMilli(step.wallMillis(step.startMillis(cell))))
            .isEqualTo(LocalDateTime.parse(first + "T00:00:00").toInstant(ZoneOffset.UTC));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT1H, Asia/Kolkata, PT30M",
    "PT15M, Asia/Kolkata, PT0S",
    "PT1H, Asia/Kathmandu, PT15M",
    "PT30M, Asia/Kathmandu, PT15M",
    "PT1H, America/St_Johns, PT30M",
    "PT1H, Europe/Berlin, PT0S",
    "PT1H, UTC, PT0S",
    "PT24H, Asia/Kolkata, PT18H30M",
    "PT6H, Asia/Tokyo, PT3H",
    "PT1H, Australia/Lord_Howe, ",
    "PT30M, Australia/Lord_Howe, PT0S",
    "PT4H, Europe/Berlin, ",
    "PT24H, Europe/Berlin, ",
  })
  void shouldBeginWithTheFullHoursOfAZone(Duration step, String zone, Duration offset) {
    OptionalLong found = GridStep.fixed(step).offsetOf(ZoneId.of(zone));
    assertThat(found)
        .isEqualTo(offset == null ? OptionalLong.empty() : OptionalLong.of(offset.toMillis()));
  }

  @Test
  void shouldBeginFixedCellsLater() {
    GridStep hours = GridStep.fixed(Duration.ofHours(1)).plus(Duration.ofMinutes(30));
    long half = Instant.parse("2024-04-30T18:30:00Z").toEpochMilli();
    long cell = hours.cell(half);
    assertThat(hours.startMillis(cell)).isEqualTo(half);
    assertThat(hours.cell(half - 1)).isEqualTo(cell - 1);
    assertThat(hours.cell(half + 3_599_999)).isEqualTo(cell);
    assertThat(hours.endMillis(cell)).isEqualTo(half + 3_599_999);
    assertThat(hours.startMillis(0)).isEqualTo(1_800_000);
    assertThat(hours.cell(0)).isEqualTo(-1);
    assertThat(hours.wallMillis(half)).isEqualTo(half);
  }

  @ParameterizedTest
  @CsvSource({
    "DAY, PT6H, 2024-03-31, 2024-03-31T06:00:00+02:00, 24",
    "DAY, PT6H, 2024-03-30, 2024-03-30T06:00:00+01:00, 23",
    "DAY, PT6H, 2024-10-26, 2024-10-26T06:00:00+02:00, 25",
    // 02:30 of the 31st does not exist, and comes twice on 27 October.
    "DAY, PT2H30M, 2024-03-31, 2024-03-31T03:00:00+02:00, 23",
    "DAY, PT2H30M, 2024-10-27, 2024-10-27T02:30:00+02:00, 25",
    "WEEK, P6D, 2024-03-24, 2024-03-24T00:00:00+01:00, 168",
    "MONTH, P14D, 2024-03-15, 2024-03-15T00:00:00+01:00, 743",
  })
  void shouldBeginPartsOfTheCalendarLater(
      GridStep.Unit unit, Duration offset, LocalDate date, OffsetDateTime start, long hours) {
    GridStep step = GridStep.of(unit, ZoneId.of("Europe/Berlin")).plus(offset);
    long millis = start.toInstant().toEpochMilli();
    long cell = step.cell(millis);
    assertThat(Instant.ofEpochMilli(step.startMillis(cell))).isEqualTo(start.toInstant());
    assertThat(step.cell(millis - 1)).isEqualTo(cell - 1);
    assertThat(Duration.ofMillis(step.startMillis(cell + 1) - millis).toHours()).isEqualTo(hours);
    assertThat(start.toLocalDate()).isEqualTo(date);
  }

  @Test
  void shouldHoldEveryTimeInOneCellWhateverTheOffset() {
    Random random = new Random(9);
    for (String zone : List.of("Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe")) {
      for (GridStep.Unit unit : GridStep.Unit.values()) {
        for (int i = 0; i < 2_000; i++) {
          GridStep step =
              GridStep.of(unit, ZoneId.of(zone))
                  .plus(
                      Duration.ofMinutes(
                          15L
                              * random.nextInt(
                                  unit == GridStep.Unit.DAY || unit == GridStep.Unit.BUSINESS_DAY
                                      ? 96
                                      : 600)));
          long time = time(random);
          long cell = step.cell(time);
          assertThat(time).isBetween(step.startMillis(cell), step.endMillis(cell));
          assertThat(step.cell(step.startMillis(cell))).isEqualTo(cell);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(GridStep.Unit.class)
  void shouldNeverOverlapMoreCellsThanItSays(GridStep.Unit unit) {
    Random random = new Random(3);
    for (String zone : new String[] {"Europe/Berlin", "Pacific/Apia", "Pacific/Kwajalein"}) {
      GridStep step = GridStep.of(unit, ZoneId.of(zone));
      for (int i = 0; i < 2_000; i++) {
        long time = time(random);
        Duration span = Duration.ofMillis(random.nextInt(40) * 3_600_000L * random.nextInt(48));
        assertThat(step.cell(time) - step.cell(time - span.toMillis()))
            .isLessThanOrEqualTo(step.cellsWithin(span));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 250, 1_000, 60_000, 420_000, 1_800_000, 86_400_000, 604_800_000})
  void shouldAgreeWithInstantsForFixedSteps(long millis) {
    GridStep step = GridStep.fixed(Duration.ofMillis(millis));
    Random random = new Random(millis);
    for (int i = 0; i < 2_000; i++) {
      Instant time = Instant.ofEpochMilli(time(random));
      long cell = step.cell(time.toEpochMilli());
      Instant start = Instant.EPOCH.plus(Duration.ofMillis(millis).multipliedBy(cell));
      assertThat(Instant.ofEpochMilli(step.startMillis(cell))).isEqualTo(start);
      assertThat(time).isBetween(start, start.plusMillis(millis - 1));
      assertThat(step.endMillis(cell)).isEqualTo(start.plusMillis(millis).toEpochMilli() - 1);
    }
  }

  @Test
  void shouldKeepADayOfUtcFixed() {
    GridStep fixed = GridStep.fixed(Duration.ofDays(1));
    GridStep calendar = GridStep.of(GridStep.Unit.DAY, ZoneId.of("UTC"));
    assertThat(calendar.in(ZoneId.of("Etc/UTC"))).isEqualTo(fixed);
    assertThat(calendar.in(ZoneId.of("Europe/Lisbon")).isCalendar()).isTrue();
    Random random = new Random(9);
    for (int i = 0; i < 1_000; i++) {
      long time = time(random);
      assertThat(calendar.cell(time)).isEqualTo(fixed.cell(time));
    }
  }

  private static LocalDate firstDay(GridStep.Unit unit, long cell) {
    return switch (unit) {
      case DAY -> LocalDate.EPOCH.plusDays(cell);
      case WEEK ->
          LocalDate.EPOCH.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).plusWeeks(cell);
      case MONTH -> YearMonth.of(1970, 1).plusMonths(cell).atDay(1);
      case QUARTER -> YearMonth.of(1970, 1).plusMonths(3 * cell).atDay(1);
      case HALF_YEAR -> YearMonth.of(1970, 1).plusMonths(6 * cell).atDay(1);
      case YEAR -> LocalDate.of(1970, 1, 1).plusYears(cell);
      case BUSINESS_DAY ->
          LocalDate.EPOCH
              .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
              .plusWeeks(Math.floorDiv(cell, 5))
              .plusDays(Math.floorMod(cell, 5));
    };
  }

  private static LocalDate next(GridStep.Unit unit, LocalDate first) {
    return switch (unit) {
      case DAY -> first.plus(1, ChronoUnit.DAYS);
      case WEEK -> first.plus(1, ChronoUnit.WEEKS);
      case MONTH -> first.plus(1, ChronoUnit.MONTHS);
      case QUARTER -> first.plus(3, ChronoUnit.MONTHS);
      case HALF_YEAR -> first.plus(6, ChronoUnit.MONTHS);
      case YEAR -> first.plus(1, ChronoUnit.YEARS);
      case BUSINESS_DAY -> first.plusDays(first.getDayOfWeek() == DayOfWeek.FRIDAY ? 3 : 1);
    };
  }

  private static long time(Random random) {
    if (random.nextBoolean()) {
      Instant turn = TURNS[random.nextInt(TURNS.length)];
      return turn.toEpochMilli() + random.nextInt(4 * 86_400_000) - 2 * 86_400_000;
    }
    // 1570 to 2369.
    return (random.nextLong() % 12_600_000_000L) * 1_000 + random.nextInt(1_000);
  }
}
