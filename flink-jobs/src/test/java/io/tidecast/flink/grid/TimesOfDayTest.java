package io.tidecast.flink.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TimesOfDayTest {

  @Test
  void shouldFindTheNextOfTheTimes() {
    TimesOfDay times = times("UTC", "18:00", "06:00");
    assertThat(next(times, "2024-05-01T05:59:59.999Z")).isEqualTo("2024-05-01T06:00:00Z");
    assertThat(next(times, "2024-05-01T06:00:00Z")).isEqualTo("2024-05-01T06:00:00Z");
    assertThat(next(times, "2024-05-01T06:00:00.001Z")).isEqualTo("2024-05-01T18:00:00Z");
    assertThat(next(times, "2024-05-01T18:00:00.001Z")).isEqualTo("2024-05-02T06:00:00Z");
    assertThat(next(times, "2024-04-30T20:00:00Z")).as("back").isEqualTo("2024-05-01T06:00:00Z");
    assertThat(next(times, "1969-12-31T20:00:00Z")).isEqualTo("1970-01-01T06:00:00Z");
  }

  @Test
  void shouldGoByTheClocksOfTheZone() {
    TimesOfDay times = times("America/New_York", "06:00");
    assertThat(next(times, "2024-03-09T00:00:00Z")).isEqualTo("2024-03-09T11:00:00Z");
    assertThat(next(times, "2024-03-10T00:00:00Z")).isEqualTo("2024-03-10T10:00:00Z");
  }

  @Test
  void shouldMoveATimeThatDoesNotExist() {
    TimesOfDay times = times("Europe/Berlin", "02:30", "03:15");
    assertThat(next(times, "2024-03-31T00:00:00Z"))
        .as("02:30 is 03:30 of that day, after 03:15")
        .isEqualTo("2024-03-31T01:15:00Z");
    assertThat(next(times, "2024-03-31T01:15:00.001Z")).isEqualTo("2024-03-31T01:30:00Z");
    assertThat(next(times, "2024-03-31T01:30:00.001Z")).isEqualTo("2024-04-01T00:30:00Z");
  }

  @Test
  void shouldTakeATimeThatComesTwiceOnce() {
    TimesOfDay times = times("Europe/Berlin", "02:30");
    assertThat(next(times, "2024-10-26T12:00:00Z")).isEqualTo("2024-10-27T00:30:00Z");
    assertThat(next(times, "2024-10-27T00:30:00.001Z")).isEqualTo("2024-10-28T01:30:00Z");
  }

  @Test
  void shouldPassADateThatAZoneLeftOut() {
    TimesOfDay times = times("Pacific/Apia", "06:00");
    assertThat(next(times, "2011-12-29T16:00:00.001Z"))
        .as("the 31st: there was no 30th")
        .isEqualTo("2011-12-30T16:00:00Z");
    assertThat(next(times, "2011-12-30T16:00:00.001Z")).isEqualTo("2011-12-31T16:00:00Z");
  }

  private static TimesOfDay times(String zone, String... times) {
    return new TimesOfDay(Arrays.stream(times).map(LocalTime::parse).toList(), ZoneId.of(zone));
  }

  private static Instant next(TimesOfDay times, String from) {
    return Instant.ofEpochMilli(times.firstFrom(Instant.parse(from).toEpochMilli()));
  }
}
