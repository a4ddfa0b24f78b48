package io.tidecast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeFormat.Words;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

  private static final Settings SETTINGS = new Settings("the.");
  private static final String NINE = "2024-05-01T09:00:00Z";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-05-01T09:00:00Z",
        "2024-05-01T09:00:00z",
        "2024-05-01t09:00:00z",
        "2024-05-01 09:00:00Z",
        "2024-05-01 09:00:00 Z",
        "2024-05-01T09:00Z",
        "2024-05-01T09Z",
        "2024-05-01T11:00:00+02:00",
        "2024-05-01T11:00:00+0200",
        "2024-05-01T11:00:00+02",
        "2024-05-01 11:00:00 +0200",
        "2024-05-01 11:00:00+02",
        "2024-05-01T11:00:00+02:00:00",
        "2024-05-01T04:00:00-05:00",
        "2024-05-01T04:00:00\u221205:00",
        "2024-05-01T09:00:00.0Z",
        "2024-05-01T09:00:00.000Z",
        "2024-05-01T09:00:00.000000Z",
        "2024-05-01T09:00:00.0000000Z",
        "2024-05-01T09:00:00.000000000Z",
        "2024-05-01T09:00:00.000000000000000000000Z",
        "2024-05-01T09:00:00,000Z",
        "20240501T090000Z",
        "20240501T0900Z",
        "20240501T090000.000Z",
        "20240501T110000+0200",
        "2024-05-01T09:00:00 UTC",
        "2024-05-01 09:00:00 UTC",
        "2024-05-01T09:00:00 GMT",
        "2024-05-01T11:00:00 UTC+2",
        "2024-05-01T11:00:00 GMT+02:00",
        "2024-05-01T11:00:00+02:00[Europe/Zurich]",
        "2024-05-01T11:00+02:00[Europe/Zurich]",
        "2024-05-01T11:00:00[Europe/Zurich]",
        "2024-05-01T11:00:00+02:00[Europe/Zurich][u-ca=gregory]",
        "2024-05-01T09:00Z[UTC]",
        "2024-05-01 11:00:00.000 Europe/Zurich",
        "2024-05-01T12:00:00 Etc/GMT-3",
        "2024-122T09:00:00Z",
        "2024122T090000Z",
        "2024-W18-3T09:00:00Z",
        "2024W183T090000Z",
        "+2024-05-01T09:00:00Z",
        "+002024-05-01T09:00:00Z",
        " 2024-05-01T09:00:00Z ",
      })
  void shouldReadEveryVariantOfOneTime(String text) throws TimeException {
    assertThat(iso(null, text)).isEqualTo(Instant.parse(NINE));
    assertThat(iso("Asia/Tokyo", text)).isEqualTo(Instant.parse(NINE));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-12-31T24:00Z, 2025-01-01T00:00:00Z",
    "2024-12-31T24:00:00.000+01:00, 2024-12-31T23:00:00Z",
    "20241231T240000Z, 2025-01-01T00:00:00Z",
    "2024-05-01T10:00:00.123456789Z, 2024-05-01T10:00:00.123Z",
    "2024-05-01T10:00:00.9999999Z, 2024-05-01T10:00:00.999Z",
    "'2024-05-01T10:00:00,5Z', 2024-05-01T10:00:00.500Z",
    "2024-05-01T10:30.5Z, 2024-05-01T10:30:30Z",
    "'2024-05-01T10,25Z', 2024-05-01T10:15:00Z",
    "1969-12-31T23:59:59.9999Z, 1969-12-31T23:59:59.999Z",
    "-0044-03-15T12:00Z, -0044-03-15T12:00:00Z",
    "2024-05-01Z, 2024-05-01T00:00:00Z",
    "2024-05-01+02:00, 2024-04-30T22:00:00Z",
    "2020-W53-7T00Z, 2021-01-03T00:00:00Z",
    "2024-366T00Z, 2024-12-31T00:00:00Z",
  })
  void shouldReadPartsExactly(String text, String expected) throws TimeException {
    assertThat(iso(null, text)).isEqualTo(Instant.parse(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-05-01, 2024-04-30T15:00:00Z",
    "20240501, 2024-04-30T15:00:00Z",
    "2024-05, 2024-04-30T15:00:00Z",
    "2024-122, 2024-04-30T15:00:00Z",
    "2024-W18-3, 2024-04-30T15:00:00Z",
    "2024-W18, 2024-04-28T15:00:00Z",
    "2024-05-01T10:00, 2024-05-01T01:00:00Z",
    "2024-05-01 10:00:00.5, 2024-05-01T01:00:00.500Z",
  })
  void shouldReadLocalTimesInTheZone(String text, String expected) throws TimeException {
    assertThat(iso("Asia/Tokyo", text)).isEqualTo(Instant.parse(expected));
    assertThatThrownBy(() -> iso(null, text))
        .hasMessage("a time with an offset, for want of the.time-zone");
  }

  /** Java's own texts of a time with a region, in the hours in which the region's clocks change. */
  @ParameterizedTest
  @CsvSource({
    "2024-10-27T02:30+02:00[Europe/Zurich], 2024-10-27T00:30:00Z",
    "2024-10-27T02:30+01:00[Europe/Zurich], 2024-10-27T01:30:00Z",
    "2024-07-01T12:00+01:00[Europe/Zurich], 2024-07-01T11:00:00Z",
    "2024-04-07T01:45+10:30[Australia/Lord_Howe], 2024-04-06T15:15:00Z",
    "2024-04-07T01:45+11:00[Australia/Lord_Howe], 2024-04-06T14:45:00Z",
    "2024-07-01T12:00-05:00[EST], 2024-07-01T17:00:00Z",
  })
  void shouldGoByTheOffsetWhereARegionIsBesideIt(String text, String expected)
      throws TimeException {
    assertThat(iso(null, text)).isEqualTo(Instant.parse(expected));
    assertThat(iso("America/New_York", text)).isEqualTo(Instant.parse(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "T",
        "2024",
        "202405",
        "2024-5-1",
        "2024-02-30",
        "2023-02-29T00:00Z",
        "2024-04-31T10:15:30Z",
        "2024-13-01",
        "2024-00-10",
        "2024-05-00",
        "2023-366",
        "2024-000",
        "2024-W00-1",
        "2023-W53-1",
        "2024-W18-8",
        "2024-W18-0",
        "2024-05-01T",
        "2024-05-01T25:00Z",
        "2024-05-01T24:01Z",
        "2024-05-01T24:00:00.0001Z",
        "2024-05-01T10:60Z",
        "2024-05-01T23:59:60Z",
        "2024-05-01T10:00:00.Z",
        "2024-05-01T10:0Z",
        "2024-05-01T1:00Z",
        "2024-05-01T10:00:00+2",
        "2024-05-01T10:00:00+02:0",
        "2024-05-01T10:00:00+02:60",
        "2024-05-01T10:00:00+18:01",
        "2024-05-01T10:00:00++02",
        "2024-05-01T10:00:00Z trailing",
        "2024-05-01T10:00:00Z[",
        "2024-05-01T10:00:00Z[]",
        "2024-05-01T10:00:00 [Europe/Zurich]",
        "2024-05-01T10:00:00Z[!u-ca=hebrew]",
        "10:15:30Z",
        "2024/05/01",
        "20240501100000",
        "+20240501T000000Z",
      })
  void shouldRefuseWhatIsNoTime(String text) {
    assertThatThrownBy(() -> iso("UTC", text)).isInstanceOf(TimeException.class);
  }

  @Test
  void shouldReadAnAbbreviationOnlyAsDeclared() throws TimeException {
    TimeFormat declared =
        TimeFormat.of(TimeFormat.ISO_8601, ZoneId.of("Asia/Tokyo"), SETTINGS)
            .with(
                new Words(
                    Locale.ENGLISH,
                    Map.of("est", ZoneOffset.ofHours(-5), "CEST", ZoneOffset.ofHours(2))));
    assertThat(read(declared, "2024-07-01 12:00:00 EST"))
        .isEqualTo(Instant.parse("2024-07-01T17:00:00Z"));
    assertThat(read(declared, "2024-07-01T12:00:00CEST"))
        .isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
    assertThatThrownBy(() -> read(declared, "2024-07-01 12:00:00 IST"))
        .hasMessage(
            "a time whose zone is declared; IST is not one of the.time-abbreviations=[CEST, EST]");
    assertThatThrownBy(() -> read(declared, "2024-07-01 12:00:00 Europe/Nowhere"))
        .hasMessage("a time of a zone that there is, and Europe/Nowhere is none");
  }

  @Test
  void shouldSayWhichFormatWouldMakeATimeOfANumber() {
    assertThatThrownBy(() -> TimeParser.of(format("UTC")).millis(1714521600, ""))
        .hasMessage("text (iso-8601); the.time-format=epoch-seconds makes it 2024-05-01T00:00:00Z");
    assertThatThrownBy(() -> TimeParser.of(format("UTC")).millis(12, ""))
        .hasMessage("text (iso-8601)");
  }

  @Test
  void shouldTellTimesThatALongDoesNotHold() {
    for (String text :
        new String[] {
          "+999999999-01-01T00:00:00Z", "-999999999-12-31T24:00Z", "+300000000-01-01"
        }) {
      assertThatThrownBy(() -> iso("UTC", text))
          .isInstanceOfSatisfying(TimeException.class, e -> assertThat(e.isOutOfRange()).isTrue());
    }
  }

  @Test
  void shouldReadWhatJavaWrites() throws TimeException {
    Random random = new Random(7);
    ZoneId zone = ZoneId.of("America/St_Johns");
    for (int i = 0; i < 20_000; i++) {
      Instant instant =
          Instant.ofEpochSecond(random.nextLong(-62_000_000_000L, 250_000_000_000L))
              .plusNanos(random.nextInt(1_000_000_000));
      ZonedDateTime zoned = instant.atZone(zone);
      OffsetDateTime offset =
          instant.atOffset(ZoneOffset.ofTotalSeconds(random.nextInt(-64_800, 64_801)));
      long millis = instant.toEpochMilli();
      for (String text :
          new String[] {
            instant.toString(),
            zoned.toString(),
            offset.toString(),
            DateTimeFormatter.ISO_ORDINAL_DATE.format(offset.toLocalDate())
                + "T"
                + offset.toLocalTime()
                + offset.getOffset(),
            DateTimeFormatter.ISO_WEEK_DATE.format(offset.toLocalDate())
                + " "
                + offset.toLocalTime()
                + offset.getOffset(),
          }) {
        // toString leaves out what is 0, never a part of a millisecond.
        assertThat(iso(null, text).toEpochMilli()).as(text).isEqualTo(millis);
      }
    }
  }

  @Test
  void shouldNeverThrowAnythingElse() {
    Random random = new Random(11);
    String alphabet = "0123456789-+:.,TtZz Ww[]/UTCESeuropé!=";
    TimeParser parser = TimeParser.of(format("Europe/Zurich"));
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "2024-05-01T10:00:00.5+02:00[UTC]" : "");
      for (int change = random.nextInt(12); change >= 0; change--) {
        int at = random.nextInt(text.length() + 1);
        char one = alphabet.charAt(random.nextInt(alphabet.length()));
        if (at < text.length() && random.nextBoolean()) {
          text.setCharAt(at, one);
        } else {
          text.insert(at, one);
        }
      }
      try {
        parser.millis(text.toString(), "");
      } catch (TimeException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void shouldKnowEveryDateOfTheCalendar() throws TimeException {
    TimeParser parser = TimeParser.of(format("UTC"));
    for (int year : new int[] {-4, 0, 1, 1600, 1700, 1899, 1900, 1970, 2000, 2023, 2024, 2100}) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text =
              "%s%04d-%02d-%02d".formatted(year < 0 ? "-" : "", Math.abs(year), month, day);
          Long expected;
          try {
            expected = LocalDate.of(year, month, day).toEpochDay() * 86_400_000L;
          } catch (DateTimeException e) {
            expected = null;
          }
          if (expected == null) {
            assertThatThrownBy(() -> parser.millis(text, "")).isInstanceOf(TimeException.class);
          } else {
            assertThat(parser.millis(text, "")).as(text).isEqualTo(expected);
          }
        }
      }
    }
    assertThat(parser.millis(LocalDateTime.of(2024, 5, 1, 10, 0).toString(), ""))
        .isEqualTo(Instant.parse("2024-05-01T10:00:00Z").toEpochMilli());
  }

  private static Instant iso(String zone, String text) throws TimeException {
    return read(format(zone), text);
  }

  private static TimeFormat format(String zone) {
    return TimeFormat.of(TimeFormat.ISO_8601, zone == null ? null : ZoneId.of(zone), SETTINGS);
  }

  private static Instant read(TimeFormat format, String text) throws TimeException {
    return Instant.ofEpochMilli(TimeParser.of(format).millis(text, ""));
  }
}
