package io.tidecast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.time.TimeFormat.ClockChanges;
import io.tidecast.runtime.time.TimeFormat.Gap;
import io.tidecast.runtime.time.TimeFormat.Overlap;
import io.tidecast.runtime.time.TimeFormat.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WallClockTest {

  private static final String PATTERN = "yyyy-MM-dd HH:mm";

  /** What clocks show twice, and never, where they are changed in their various ways. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Zurich, 2024-10-27 02:30, 2024-10-27T00:30:00Z, 2024-10-27T01:30:00Z",
    "America/New_York, 2024-11-03 01:30, 2024-11-03T05:30:00Z, 2024-11-03T06:30:00Z",
    "Australia/Lord_Howe, 2024-04-07 01:45, 2024-04-06T14:45:00Z, 2024-04-06T15:15:00Z",
    "America/Sao_Paulo, 2018-02-17 23:30, 2018-02-18T01:30:00Z, 2018-02-18T02:30:00Z",
    "Asia/Beirut, 2023-10-28 23:30, 2023-10-28T20:30:00Z, 2023-10-28T21:30:00Z",
  })
  void shouldTakeATimeThatComesTwiceAsDeclared(
      String zone, String text, Instant earlier, Instant later) throws TimeException {
    assertThat(read(zone, Overlap.EARLIER, Gap.REFUSE, text)).isEqualTo(earlier);
    assertThat(read(zone, Overlap.LATER, Gap.REFUSE, text)).isEqualTo(later);
    assertThatThrownBy(() -> read(zone, Overlap.REFUSE, Gap.REFUSE, text))
        .isInstanceOf(TimeException.class)
        .hasMessage(
            "one time, and where clocks of %s go back it is %s and %s (the.time-overlap=refuse; earlier or later takes one of them)",
            zone, earlier, later);
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Zurich, 2013-03-31 02:00, 2013-03-31T00:00:00Z, 2013-03-31T01:00:00Z",
    "Europe/Zurich, 2013-03-31 02:59, 2013-03-31T00:59:00Z, 2013-03-31T01:59:00Z",
    "America/New_York, 2024-03-10 02:30, 2024-03-10T06:30:00Z, 2024-03-10T07:30:00Z",
    "Australia/Lord_Howe, 2024-10-06 02:15, 2024-10-05T15:15:00Z, 2024-10-05T15:45:00Z",
    "America/Sao_Paulo, 2018-11-04 00:30, 2018-11-04T02:30:00Z, 2018-11-04T03:30:00Z",
    "Pacific/Apia, 2011-12-30 12:00, 2011-12-29T22:00:00Z, 2011-12-30T22:00:00Z",
  })
  void shouldTakeATimeThatDoesNotExistAsDeclared(
      String zone, String text, Instant earlier, Instant later) throws TimeException {
    assertThat(read(zone, Overlap.REFUSE, Gap.EARLIER, text)).isEqualTo(earlier);
    assertThat(read(zone, Overlap.REFUSE, Gap.LATER, text)).isEqualTo(later);
    assertThatThrownBy(() -> read(zone, Overlap.REFUSE, Gap.REFUSE, text))
        .isInstanceOf(TimeException.class)
        .hasMessageContaining("clocks of " + zone)
        .hasMessageContaining(
            "it would be %s with the.time-gap=earlier, %s with later", earlier, later);
  }

  @ParameterizedTest
  @CsvSource({
    "America/Sao_Paulo, 2018-11-04, 2018-11-04T03:00:00Z",
    "Asia/Beirut, 2024-03-31, 2024-03-30T22:00:00Z",
    "America/Havana, 2024-11-03, 2024-11-03T04:00:00Z",
    "Europe/Zurich, 2024-03-31, 2024-03-30T23:00:00Z",
    "Asia/Kolkata, 2024-03-31, 2024-03-30T18:30:00Z",
  })
  void shouldBeginADateWithItsFirstInstant(String zone, String text, Instant start)
      throws TimeException {
    for (String format : List.of(TimeFormat.ISO_8601, "yyyy-MM-dd")) {
      TimeFormat days = TimeFormat.of(format, ZoneId.of(zone), new Settings("the."));
      assertThat(Instant.ofEpochMilli(TimeParser.of(days).millis(text, ""))).isEqualTo(start);
    }
    TimeFormat epoch = TimeFormat.of("epoch-days", ZoneId.of(zone), new Settings("the."));
    assertThat(
            Instant.ofEpochMilli(
                TimeParser.of(epoch).millis(LocalDate.parse(text).toEpochDay(), "")))
        .isEqualTo(start);
  }

  /** Every instant around changes of the clocks, written down and read again, in order. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Zurich",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "America/St_Johns",
        "Africa/Casablanca",
        "Antarctica/Troll",
      })
  void shouldReadAFileOfAnyZoneInItsOrder(String id) throws TimeException {
    ZoneId zone = ZoneId.of(id);
    for (int year : new int[] {2007, 2013, 2018, 2024}) {
      for (int minutes : new int[] {5, 30, 60}) {
        List<Instant> written = around(zone, year, Duration.ofMinutes(minutes));
        assertThat(readAll(zone, written)).as("forward").isEqualTo(written);
        List<Instant> reversed = new ArrayList<>(written);
        java.util.Collections.reverse(reversed);
        assertThat(readAll(zone, reversed)).as("newest first").isEqualTo(reversed);
      }
    }
  }

  @Test
  void shouldKeepTheOrdersOfSeriesApart() throws TimeException {
    TimeParser parser = parser("Europe/Zurich", Overlap.IN_ORDER);
    List<String> texts =
        List.of("a 01:00", "a 02:00", "b 01:00", "a 02:00", "b 02:00", "a 03:00", "b 02:00");
    List<Long> hours = new ArrayList<>();
    for (String text : texts) {
      long millis = parser.millis("2024-10-27 " + text.substring(2), text.substring(0, 1));
      hours.add(
          Duration.between(Instant.parse("2024-10-27T00:00:00Z"), Instant.ofEpochMilli(millis))
              .toHours());
    }
    assertThat(hours).containsExactly(-1L, 0L, -1L, 1L, 0L, 2L, 1L);
  }

  @Test
  void shouldRefuseAThirdTimeAndOneOutOfOrder() throws TimeException {
    TimeParser parser = parser("Europe/Zurich", Overlap.IN_ORDER);
    parser.millis("2024-10-27 02:00", "a");
    parser.millis("2024-10-27 02:00", "a");
    assertThatThrownBy(() -> parser.millis("2024-10-27 02:00", "a"))
        .hasMessage(
            "one time, and where clocks of Europe/Zurich go back it is 2024-10-27T00:00:00Z and 2024-10-27T01:00:00Z (the.time-overlap=in-order, and neither goes on from the time before)");
    parser.millis("2024-10-27 05:00", "a");
    assertThatThrownBy(() -> parser.millis("2024-10-27 02:30", "a"))
        .isInstanceOf(TimeException.class);
  }

  /** A reader of a file is a line ahead of what it has given away. */
  @Test
  void shouldGoOnFromItsBytesAsIfTheLastTimeHadNotBeenRead() throws TimeException {
    ZoneId zone = ZoneId.of("Europe/Zurich");
    List<Instant> written = around(zone, 2024, Duration.ofMinutes(15));
    TimeParser parser = parser(zone.getId(), Overlap.IN_ORDER);
    int kept = 0;
    for (Instant instant : written) {
      String text = text(instant, zone);
      parser.order().begin();
      assertThat(parser.millis(text, "a")).isEqualTo(instant.toEpochMilli());
      byte[] bytes = parser.order().bytes();
      kept += bytes.length > 0 ? 1 : 0;
      parser = parser(zone.getId(), Overlap.IN_ORDER);
      parser.order().restore(bytes);
      assertThat(parser.millis(text, "a")).isEqualTo(instant.toEpochMilli());
    }
    // A day before one change of the year, the two hours, and a day after it, but the first.
    assertThat(kept).isBetween(4 * 49, 4 * 51);
    parser.order().begin();
    assertThat(parser.order().bytes()).isEmpty();
  }

  @Test
  void shouldAgreeWithJavaOnEveryLocalTime() throws TimeException {
    Random random = new Random(5);
    for (String id :
        List.of(
            "Europe/Zurich",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "UTC",
            "+05:45")) {
      ZoneId zone = ZoneId.of(id);
      TimeFormat format =
          TimeFormat.of(TimeFormat.ISO_8601, zone, new Settings("the."))
              .with(new ClockChanges(Overlap.EARLIER, Gap.LATER));
      TimeParser parser = TimeParser.of(format);
      LocalDateTime local = LocalDateTime.of(1880, 1, 1, 0, 0);
      for (int i = 0; i < 30_000; i++) {
        local =
            local
                .plusSeconds(random.nextInt(400_000))
                .plusNanos(random.nextInt(1_000) * 1_000_000L);
        assertThat(parser.millis(local.toString(), ""))
            .as("%s in %s", local, zone)
            .isEqualTo(local.atZone(zone).toInstant().toEpochMilli());
      }
    }
  }

  /** Whatever the clocks do, a stamp at the end of an interval is in the interval. */
  @Test
  void shouldPutEndsBeforeThem() throws TimeException {
    TimeFormat format =
        TimeFormat.of(TimeFormat.ISO_8601, ZoneId.of("Europe/Zurich"), new Settings("the."))
            .with(TimeFormat.Marks.END);
    assertThat(Instant.ofEpochMilli(TimeParser.of(format).millis("2024-03-31T03:00", "")))
        .isEqualTo(Instant.parse("2024-03-31T00:59:59.999Z"));
    assertThat(Instant.ofEpochMilli(TimeParser.of(format).millis("2024-04-01", "")))
        .isEqualTo(Instant.parse("2024-03-31T21:59:59.999Z"));
  }

  /** Steps from two days before each change of a year to two days after it. */
  private static List<Instant> around(ZoneId zone, int year, Duration step) {
    List<Instant> instants = new ArrayList<>();
    ZoneRules rules = zone.getRules();
    Instant at = Instant.parse(year + "-01-01T00:00:00Z");
    Instant end = Instant.parse((year + 1) + "-01-01T00:00:00Z");
    for (ZoneOffsetTransition change = rules.nextTransition(at);
        change != null && change.getInstant().isBefore(end);
        change = rules.nextTransition(change.getInstant())) {
      Instant last = instants.isEmpty() ? at : instants.get(instants.size() - 1).plus(step);
      Instant from = change.getInstant().minus(Duration.ofDays(2));
      for (Instant one = from.isBefore(last) ? last : from;
          one.isBefore(change.getInstant().plus(Duration.ofDays(2)));
          one = one.plus(step)) {
        instants.add(one);
      }
    }
    return instants;
  }

  private static List<Instant> readAll(ZoneId zone, List<Instant> written) throws TimeException {
    TimeParser parser = parser(zone.getId(), Overlap.IN_ORDER);
    List<Instant> read = new ArrayList<>();
    for (Instant instant : written) {
      read.add(Instant.ofEpochMilli(parser.millis(text(instant, zone), "a")));
    }
    return read;
  }

  private static String text(Instant instant, ZoneId zone) {
    return LocalDateTime.ofInstant(instant, zone).toString().replace('T', ' ');
  }

  private static TimeParser parser(String zone, Overlap overlap) {
    return TimeParser.of(
        TimeFormat.of(PATTERN, ZoneId.of(zone), new Settings("the."))
            .with(new ClockChanges(overlap, Gap.REFUSE)));
  }

  private static Instant read(String zone, Overlap overlap, Gap gap, String text)
      throws TimeException {
    TimeFormat format =
        TimeFormat.of(PATTERN, ZoneId.of(zone), new Settings("the."))
            .with(new ClockChanges(overlap, gap));
    return Instant.ofEpochMilli(TimeParser.of(format).millis(text, ""));
  }
}
