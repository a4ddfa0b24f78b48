package io.tidecast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.runtime.time.TimeFormat.Words;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatternTimeTest {

  private static final Settings SETTINGS = new Settings("the.");

  @ParameterizedTest
  @CsvSource({
    "en, dd-MMM-yyyy, 01-MAY-2024, 2024-05-01",
    "en, dd-MMM-yyyy, 01-may-2024, 2024-05-01",
    "en, dd-MMM-yyyy, 01-May-2024, 2024-05-01",
    "en, dd-MMM-yyyy, 01-SEP-2024, 2024-09-01",
    "en, dd-MMM-yyyy, 01-Sept-2024, 2024-09-01",
    "en, dd-MMM-yyyy, 01-sept.-2024, 2024-09-01",
    "en, d MMMM yyyy, 1 september 2024, 2024-09-01",
    "en, d MMMM yyyy, 1 Sep 2024, 2024-09-01",
    "en, 'MMM d, yyyy', 'JUNE 1, 2024', 2024-06-01",
    "en, 'EEE, d MMM yyyy', 'wed, 1 May 2024', 2024-05-01",
    "en, 'EEEE, d MMM yyyy', 'WED, 1 May 2024', 2024-05-01",
    "en, ddMMMyyyy, 01MAY2024, 2024-05-01",
    "de, dd.MMM.yyyy, 01.Mai.2024, 2024-05-01",
    "de, dd.MMM.yyyy, 01.Sept.2024, 2024-09-01",
    "de, dd.MMM.yyyy, 01.Sept..2024, 2024-09-01",
    "de, d. MMM yyyy, 1. Okt. 2024, 2024-10-01",
    "de, d. MMM yyyy, 1. OKT 2024, 2024-10-01",
    "de, d. MMMM yyyy, 1. März 2024, 2024-03-01",
    "de, d. MMMM yyyy, 1. Maerz 2024, 2024-03-01",
    "de, d. MMM yyyy, 1. Mär 2024, 2024-03-01",
    "de, d. MMM yyyy, 1. Mrz 2024, 2024-03-01",
    "de, d. MMM yyyy, 1. Jän. 2024, 2024-01-01",
    "de, d. MMMM yyyy, 1. Dezember 2024, 2024-12-01",
    "de, 'EE, d. MMM yyyy', 'Mi., 1. Mai 2024', 2024-05-01",
    "fr, d MMM yyyy, 1 févr. 2024, 2024-02-01",
    "fr, d MMM yyyy, 1 FEV 2024, 2024-02-01",
    "fr, d MMM yyyy, 1 août 2024, 2024-08-01",
    "fr, d MMM yyyy, 1 aout 2024, 2024-08-01",
    "fr, d MMM yyyy, 1 déc 2024, 2024-12-01",
    "fr, d MMM yyyy, 1 juil. 2024, 2024-07-01",
    "fr, d MMMM yyyy, 1 juin 2024, 2024-06-01",
    "fr, EEEE d MMMM yyyy, mercredi 1 mai 2024, 2024-05-01",
    "fr, EEE d MMM yyyy, mar. 5 mars 2024, 2024-03-05",
    "es, d-MMM-yyyy, 1-ene-2024, 2024-01-01",
    "es, d-MMM-yyyy, 1-SEPT.-2024, 2024-09-01",
    "es, d 'de' MMMM 'de' yyyy, 1 de mayo de 2024, 2024-05-01",
    "es, EEE d MMM yyyy, mar 5 mar 2024, 2024-03-05",
    "it, d MMM yyyy, 1 gen 2024, 2024-01-01",
    "nl, d MMM yyyy, 1 mrt. 2024, 2024-03-01",
    "pt, d/MMM/yyyy, 1/fev/2024, 2024-02-01",
    "tr, d MMM yyyy, 1 Ağu 2024, 2024-08-01",
    "pl, d MMMM yyyy, 1 maja 2024, 2024-05-01",
    "ru, d MMMM yyyy, 1 мая 2024, 2024-05-01",
  })
  void shouldReadMonthsAndDaysAsPeopleWriteThem(
      String language, String pattern, String text, LocalDate expected) throws TimeException {
    assertThat(read(format(pattern, "UTC", language), text))
        .isEqualTo(expected.atStartOfDay().toInstant(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @CsvSource({
    "en, dd-MMM-yyyy, 01-Mai-2024",
    "de, dd-MMM-yyyy, 01-May-2024",
    "en, dd-MMM-yyyy, 01-M-2024",
    "en, dd-MMM-yyyy, 01-Ju-2024",
    "en, dd-MMM-yyyy, 01-Mayo-2024",
    "fr, d MMM yyyy, 1 jui 2024",
    "en, 'EEE, d MMM yyyy', 'Tue, 1 May 2024'",
    "en, dd-MMM-yyyy, 31-APR-2024",
  })
  void shouldReadNoWordOfAnotherLanguageNorOneThatCouldBeTwo(
      String language, String pattern, String text) {
    assertThatThrownBy(() -> read(format(pattern, "UTC", language), text))
        .isInstanceOf(TimeException.class)
        .hasMessage("a time (%s, the.time-language=%s)", pattern, language);
  }

  @ParameterizedTest
  @CsvSource({
    "1:05 PM, 13:05",
    "1:05 pm, 13:05",
    "1:05 Pm, 13:05",
    "1:05 p.m., 13:05",
    "1:05 P.M., 13:05",
    "1:05 p. m., 13:05",
    "12:00 AM, 00:00",
    "12:00 am, 00:00",
    "12:00 PM, 12:00",
    "12:30 a.m., 00:30",
  })
  void shouldReadHalvesOfTheDay(String text, String expected) throws TimeException {
    for (String language : List.of("en", "de", "es")) {
      assertThat(read(format("M/d/yyyy h:mm a", "UTC", language), "5/1/2024 " + text))
          .isEqualTo(Instant.parse("2024-05-01T" + expected + ":00Z"));
    }
  }

  /** Names as Java's own formatter writes them in any language, unless two share one. */
  @Test
  void shouldReadWhatJavaWritesInAnyLanguage() throws TimeException {
    int read = 0;
    for (String tag :
        List.of(
            "en", "en-GB", "en-AU", "en-CA", "de", "de-AT", "fr", "fr-CA", "es", "es-MX", "it",
            "nl", "pt", "pt-BR", "pl", "cs", "sk", "sv", "da", "nb", "fi", "hu", "ro", "tr", "ru",
            "uk", "el", "bg", "hr", "sl", "et", "lv", "lt", "id", "ms", "th", "hi", "he", "ar")) {
      Locale language = Locale.forLanguageTag(tag);
      for (String pattern : List.of("yyyy/MMM/dd", "yyyy/MMMM/dd", "EEEE/yyyy/MMM/dd")) {
        TimeParser parser = TimeParser.of(format(pattern, "UTC", tag));
        DateTimeFormatter writer = DateTimeFormatter.ofPattern(pattern, language);
        Map<String, Integer> months = new HashMap<>();
        for (int month = 1; month <= 12; month++) {
          LocalDate date = LocalDate.of(2024, month, 28);
          String text = writer.format(date);
          assertThat(months.put(text, month)).isNull();
          try {
            assertThat(parser.millis(text, ""))
                .as("%s in %s", text, tag)
                .isEqualTo(date.toEpochDay() * 86_400_000L);
            read++;
          } catch (TimeException e) {
            // Words of several parts, such as those of Thai.
            assertThat(text)
                .as("%s in %s", text, tag)
                .containsPattern("[\\p{L}\\p{M}]\\.? ?[\\p{L}]");
          }
        }
      }
    }
    assertThat(read).isGreaterThan(1_300);
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy HH:mm, 29.02.2024 10:15, 2024-02-29T10:15:00Z",
    "yyyy-MM, 2024-02, 2024-02-01T00:00:00Z",
    "MMM yyyy, Feb 2024, 2024-02-01T00:00:00Z",
    "yyyy'Q'Q, 2024Q3, 2024-07-01T00:00:00Z",
    "'Q'Q yyyy, Q4 1960, 1960-10-01T00:00:00Z",
    "yyyy, 1900, 1900-01-01T00:00:00Z",
    "dd.MM.yyyy HH:mm, 31.12.2023 24:00, 2024-01-01T00:00:00Z",
    "dd.MM.yyyy HH:mm, 28.02.2023 24:00, 2023-03-01T00:00:00Z",
    "dd.MM.yyyy HHmm, 24.12.2023 2400, 2023-12-25T00:00:00Z",
    "dd.MM.yyyy HH, 24.12.2023 24, 2023-12-25T00:00:00Z",
    "HH:mm dd.MM.yyyy, 24:00 31.01.2024, 2024-02-01T00:00:00Z",
    "yyyyMMddHHmmss, 20240501100000, 2024-05-01T10:00:00Z",
    "yyyy-MM-dd HH:mm:ss XXX, 2024-02-29 10:15:30 +02:00, 2024-02-29T08:15:30Z",
    "yyyy-MM-dd HH:mm VV, 2024-02-29 10:15 Asia/Tokyo, 2024-02-29T01:15:00Z",
    "yyyy-MM-dd HH:mmXXX'['VV']', 2024-10-27 02:30+01:00[Europe/Zurich], 2024-10-27T01:30:00Z",
    "yyyy-MM-dd HH:mmXXX'['VV']', 2024-10-27 02:30+02:00[Europe/Zurich], 2024-10-27T00:30:00Z",
    "yyyy-MM-dd HH:mm[ z], 2024-10-27 02:30 UTC, 2024-10-27T02:30:00Z",
    "yyyy-MM-dd HH:mm[ z], 2024-10-27 02:30, 2024-10-27T02:30:00Z",
    "yyyy-MM-dd HH:mm z, 2024-07-01 12:00 GMT+2, 2024-07-01T10:00:00Z",
    "yyyy-MM-dd HH:mm z, 2024-07-01 12:00 Europe/Zurich, 2024-07-01T10:00:00Z",
    "'EEE MMM dd HH:mm:ss z yyyy', Mon Jul 01 12:00:00 EST 2024, 2024-07-01T17:00:00Z",
    "'EEE, dd MMM yyyy HH:mm:ss z', 'Mon, 01 Jul 2024 12:00:00 GMT', 2024-07-01T12:00:00Z",
    "yyyy-MM-dd HH:mm:ss z, 2024-07-01 12:00:00 EST, 2024-07-01T17:00:00Z",
    "yyyy-MM-dd HH:mm:ss z, 2024-07-01 12:00:00 edt, 2024-07-01T16:00:00Z",
    "yyyy-MM-dd HH:mm:ss z, 2024-07-01 12:00:00 IST, 2024-07-01T06:30:00Z",
  })
  void shouldReadPatterns(String pattern, String text, Instant expected) throws TimeException {
    TimeFormat format =
        format(pattern, "UTC", "en")
            .with(
                new Words(
                    Locale.ENGLISH,
                    Map.of(
                        "EST", ZoneOffset.ofHours(-5),
                        "EDT", ZoneOffset.ofHours(-4),
                        "IST", ZoneOffset.ofHoursMinutes(5, 30))));
    assertThat(read(format, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy HH:mm, 31.04.2024 24:00",
    "dd.MM.yyyy HH:mm, 30.02.2024 24:00",
    "dd.MM.yyyy HH:mm, 01.01.2024 24:01",
    "dd.MM.yyyy HH:mm, 01.01.2024 25:00",
    "dd.MM.yyyy HH:mm, 32.01.2024 24:00",
    "dd.MM.yyyy, 1.1.2024",
    "dd.MM.yyyy, 24",
    "yyyy-MM-dd HH:mm z, 2024-07-01 12:00",
    "yyyy-MM-dd HH:mm z, 2024-07-01 12:00 EST",
    "yyyy-MM-dd HH:mm z, 2024-07-01 12:00 Europe/Nowhere",
  })
  void shouldRefuseOtherText(String pattern, String text) {
    assertThatThrownBy(() -> read(format(pattern, "UTC", "en"), text))
        .isInstanceOf(TimeException.class);
  }

  @Test
  void shouldNameTheKeyOfAnAbbreviationThatIsNotDeclared() {
    assertThatThrownBy(() -> read(format("yyyy-MM-dd HH:mm z", null, "en"), "2024-07-01 12:00 EST"))
        .hasMessage("a time whose zone is declared; EST is not one of the.time-abbreviations=[]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yyyy dd",
        "yyyy HH",
        "yyyy-MM HH:mm",
        "yyyy EEE",
        "epoch-milis",
        "iso8601",
        "ISO-8601",
        "HH:mm",
        "dd.MM. HH:mm",
        "yyyy-MM-dd hh:mm",
        "yyyy-MM-dd mm",
        "yyyy-MM-dd 'open",
        "'constant'",
        "yyyy-MM-dd HH:mm zzzz",
        "yyyy-MM-dd HH:mm v",
        "%Y-%m-%d",
      })
  void shouldRefuseAPatternThatLeavesSomethingOpen(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TimeParser.of(format(pattern, "UTC", "en")))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("java", "Text '", "Unknown"));
  }

  private static TimeFormat format(String pattern, String zone, String language) {
    return TimeFormat.of(pattern, zone == null ? null : ZoneId.of(zone), SETTINGS)
        .with(new Words(Locale.forLanguageTag(language), Map.of()));
  }

  private static Instant read(TimeFormat format, String text) throws TimeException {
    return Instant.ofEpochMilli(TimeParser.of(format).millis(text, ""));
  }
}
