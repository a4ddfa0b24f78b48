package io.tidecast.flink.covariates;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.covariates.CovariateSettings.HolidayRegion;
import io.tidecast.runtime.grid.GridStep;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalendarValuesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final HolidayRegion GERMANY = new HolidayRegion("DE", null);
  private static final GridStep DAYS = GridStep.of(GridStep.Unit.DAY, BERLIN);

  /** Federal holidays, by the laws of the sixteen states. */
  private static final Set<LocalDate> GERMAN_2024 =
      dates(
          "2024-01-01",
          "2024-03-29",
          "2024-04-01",
          "2024-05-01",
          "2024-05-09",
          "2024-05-20",
          "2024-10-03",
          "2024-12-25",
          "2024-12-26");

  /** Bank holidays of England and Wales, by gov.uk; 2022 had one for a jubilee. */
  private static final Set<LocalDate> ENGLISH_2022 =
      dates(
          "2022-01-03",
          "2022-04-15",
          "2022-04-18",
          "2022-05-02",
          "2022-06-02",
          "2022-06-03",
          "2022-08-29",
          "2022-09-19",
          "2022-12-26",
          "2022-12-27");

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"})
  void shouldReadTheClocksOfTheZone(String name) {
    ZoneId zone = ZoneId.of(name);
    GridStep step = GridStep.fixed(Duration.ofMinutes(30));
    CalendarValues calendar = new CalendarValues(step, zone, null);
    // Two years with every change of the clocks, a leap day and both ends of a year.
    Instant end = Instant.parse("2025-01-05T00:00:00Z");
    for (Instant time = Instant.parse("2022-12-28T00:00:00Z");
        time.isBefore(end);
        time = time.plus(step.length())) {
      ZonedDateTime there = time.atZone(zone);
      long cell = step.cell(time.toEpochMilli());
      assertThat(calendar.value(CalendarCovariate.HOUR, cell)).isEqualTo(there.getHour());
      assertThat(calendar.value(CalendarCovariate.WEEKDAY, cell))
          .isEqualTo(there.getDayOfWeek().getValue());
      assertThat(calendar.value(CalendarCovariate.DAY_OF_YEAR, cell))
          .isEqualTo(there.getDayOfYear());
      assertThat(calendar.value(CalendarCovariate.MONTH, cell)).isEqualTo(there.getMonthValue());
      assertThat(calendar.value(CalendarCovariate.WEEKEND, cell))
          .isEqualTo(there.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) > 0 ? 1 : 0);
    }
  }

  @Test
  void shouldKnowTheHoursOfDaysOnWhichClocksChange() {
    GridStep step = GridStep.fixed(Duration.ofHours(1));
    CalendarValues calendar = new CalendarValues(step, BERLIN, null);
    long spring = step.cell(Instant.parse("2024-03-31T00:00:00Z").toEpochMilli());
    assertThat(hours(calendar, spring, 3)).containsExactly(1, 3, 4);
    long autumn = step.cell(Instant.parse("2024-10-27T00:00:00Z").toEpochMilli());
    assertThat(hours(calendar, autumn, 3)).containsExactly(2, 2, 3);
  }

  private static float[] hours(CalendarValues calendar, long first, int cells) {
    float[] hours = new float[cells];
    for (int i = 0; i < cells; i++) {
      hours[i] = calendar.value(CalendarCovariate.HOUR, first + i);
    }
    return hours;
  }

  @Test
  void shouldKnowTheHolidaysOfGermany() {
    assertThat(holidays(new CalendarValues(DAYS, BERLIN, GERMANY), DAYS, BERLIN, 2024))
        .isEqualTo(GERMAN_2024);
  }

  @Test
  void shouldKnowTheHolidaysOfARegion() {
    HolidayRegion bavaria = new HolidayRegion("DE", "BY");
    assertThat(holidays(new CalendarValues(DAYS, BERLIN, bavaria), DAYS, BERLIN, 2024))
        .containsAll(GERMAN_2024)
        .contains(LocalDate.of(2024, 1, 6), LocalDate.of(2024, 11, 1));
  }

  @Test
  void shouldKnowTheHolidaysOfEnglandAsTheyWereKept() {
    ZoneId london = ZoneId.of("Europe/London");
    GridStep days = GridStep.of(GridStep.Unit.DAY, london);
    CalendarValues calendar = new CalendarValues(days, london, new HolidayRegion("GB", "ENG"));
    assertThat(holidays(calendar, days, london, 2022)).containsAll(ENGLISH_2022);
  }

  @Test
  void shouldKnowAHolidayThatIsKeptTheYearBefore() {
    ZoneId zone = ZoneId.of("America/New_York");
    GridStep days = GridStep.of(GridStep.Unit.DAY, zone);
    CalendarValues calendar = new CalendarValues(days, zone, new HolidayRegion("US", null));
    assertThat(holidays(calendar, days, zone, 2021))
        .as("1 January 2022 was a Saturday")
        .contains(LocalDate.of(2021, 12, 31));
  }

  private static Set<LocalDate> holidays(
      CalendarValues calendar, GridStep days, ZoneId zone, int year) {
    return LocalDate.of(year, 1, 1)
        .datesUntil(LocalDate.of(year + 1, 1, 1))
        .filter(
            day ->
                calendar.value(
                        CalendarCovariate.HOLIDAY,
                        days.cell(day.atStartOfDay(zone).toInstant().toEpochMilli()))
                    == 1)
        .collect(Collectors.toSet());
  }

  @Test
  void shouldGiveEveryCellOfAHolidayItsDay() {
    GridStep step = GridStep.fixed(Duration.ofHours(1));
    CalendarValues calendar = new CalendarValues(step, BERLIN, GERMANY);
    long midnight = step.cell(Instant.parse("2024-10-02T22:00:00Z").toEpochMilli());
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, midnight - 1)).isZero();
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, midnight)).isEqualTo(1);
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, midnight + 23)).isEqualTo(1);
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, midnight + 24)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2024-03-25, 1, 2", "2024-04-01, 1, 2", "2024-12-23, 2, 2", "2024-02-05, 0, 2"})
  void shouldCountTheDaysOfALongerCell(String monday, float holidays, float weekends) {
    GridStep weeks = GridStep.of(GridStep.Unit.WEEK, BERLIN);
    CalendarValues calendar = new CalendarValues(weeks, BERLIN, GERMANY);
    long week = weeks.cell(LocalDate.parse(monday).atStartOfDay(BERLIN).toInstant().toEpochMilli());
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, week)).isEqualTo(holidays);
    assertThat(calendar.value(CalendarCovariate.WEEKEND, week)).isEqualTo(weekends);
  }

  @Test
  void shouldCountTheDaysThatBeginInACellOfAnotherZone() {
    GridStep weeks = GridStep.of(GridStep.Unit.WEEK, ZoneOffset.UTC);
    CalendarValues calendar = new CalendarValues(weeks, BERLIN, GERMANY);
    long week = weeks.cell(Instant.parse("2024-03-25T00:00:00Z").toEpochMilli());
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, week))
        .as("Good Friday, and the midnight before Easter Monday")
        .isEqualTo(2);
    assertThat(calendar.value(CalendarCovariate.HOLIDAY, week + 1)).isZero();
  }

  @Test
  void shouldKnowCountriesAndTheirRegions() {
    assertThat(CalendarValues.countries()).contains("DE", "GB", "US", "JP").doesNotContain("EU1");
    assertThat(CalendarValues.regions("DE")).contains("BY", "BE").hasSize(16);
  }

  private static Set<LocalDate> dates(String... texts) {
    return Arrays.stream(texts).map(LocalDate::parse).collect(Collectors.toSet());
  }
}
