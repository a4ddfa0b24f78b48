package io.tidecast.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.time.TimeFormat.Settings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTimeTest {

  private static final Settings SETTINGS = new Settings("the.");

  @ParameterizedTest
  @CsvSource({
    "epoch-seconds, 1714521600, 2024-05-01T00:00:00Z",
    "epoch-seconds, 1714521600.123456, 2024-05-01T00:00:00.123Z",
    "epoch-seconds, 1714521600.999999, 2024-05-01T00:00:00.999Z",
    "epoch-seconds, 1.7145216E9, 2024-05-01T00:00:00Z",
    "epoch-seconds, -0.0001, 1969-12-31T23:59:59.999Z",
    "epoch-seconds, 1714521600., 2024-05-01T00:00:00Z",
    "epoch-millis, 1714521600000.7, 2024-05-01T00:00:00Z",
    "epoch-micros, 1714521600123456, 2024-05-01T00:00:00.123Z",
    "epoch-nanos, 1714521600123456789, 2024-05-01T00:00:00.123Z",
    "epoch-days, 19844, 2024-05-01T00:00:00Z",
    "epoch-days, 19844.000000, 2024-05-01T00:00:00Z",
    "epoch-days, 19844.25, 2024-05-01T06:00:00Z",
    "epoch-days, 19844.041667, 2024-05-01T01:00:00Z",
    "epoch-days, 19844.083333, 2024-05-01T02:00:00Z",
    "epoch-days, 19844.0417, 2024-05-01T01:00:00Z",
    "epoch-days, 19844.0833, 2024-05-01T02:00:00Z",
    "epoch-days, 19844.52, 2024-05-01T12:28:48Z",
    "epoch-days, -0.5, 1969-12-31T12:00:00Z",
    "excel-days, 1, 1900-01-01T00:00:00Z",
    "excel-days, 59, 1900-02-28T00:00:00Z",
    "excel-days, 61, 1900-03-01T00:00:00Z",
    "excel-days, 45413.000000, 2024-05-01T00:00:00Z",
    "excel-days, 45413.041667, 2024-05-01T01:00:00Z",
    "excel-days, 45413.083333, 2024-05-01T02:00:00Z",
    "excel-days, 45413.083333333336, 2024-05-01T02:00:00Z",
    "excel-days, 45413.5, 2024-05-01T12:00:00Z",
  })
  void shouldReadNumbersExactly(String format, String number, Instant expected)
      throws TimeException {
    TimeParser parser = TimeParser.of(TimeFormat.of(format, null, SETTINGS).withNumericText(true));
    assertThat(Instant.ofEpochMilli(parser.millis(number, ""))).isEqualTo(expected);
    assertThat(Instant.ofEpochMilli(parser.millis(new BigDecimal(number), ""))).isEqualTo(expected);
    assertThat(Instant.ofEpochMilli(parser.millis(Double.valueOf(number), ""))).isEqualTo(expected);
  }

  @Test
  void shouldReadFractionsOfDaysOfAnyMinuteAsThatMinute() throws TimeException {
    TimeParser excel = TimeParser.of(TimeFormat.of("excel-days", null, SETTINGS));
    TimeParser epoch =
        TimeParser.of(TimeFormat.of("epoch-days", null, SETTINGS).withNumericText(true));
    for (int minute = 0; minute < 1440; minute++) {
      long expected = Instant.parse("2024-05-01T00:00:00Z").toEpochMilli() + minute * 60_000L;
      assertThat(excel.millis(45413 + minute / 1440.0, "")).isEqualTo(expected);
      for (int digits = 4; digits <= 12; digits++) {
        assertThat(epoch.millis(("%." + digits + "f").formatted(19844 + minute / 1440.0), ""))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldReadEverySecondInAnyUnit() throws TimeException {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      long seconds = random.nextLong(-5_000_000_000L, 5_000_000_000L);
      int nanos = random.nextInt(1_000_000_000);
      long millis = Math.floorDiv(seconds * 1_000_000_000L + nanos, 1_000_000L);
      BigDecimal exact = new BigDecimal(seconds).add(BigDecimal.valueOf(nanos, 9));
      assertThat(of("epoch-seconds").millis(exact, "")).isEqualTo(millis);
      assertThat(of("epoch-millis").millis(exact.movePointRight(3), "")).isEqualTo(millis);
      assertThat(of("epoch-micros").millis(exact.movePointRight(6), "")).isEqualTo(millis);
      assertThat(of("epoch-nanos").millis(exact.movePointRight(9).toBigIntegerExact(), ""))
          .isEqualTo(millis);
    }
  }

  @Test
  void shouldReadCountsOfAWallClockInItsZone() throws TimeException {
    TimeParser parser =
        TimeParser.of(
            TimeFormat.of("epoch-millis", ZoneId.of("Europe/Berlin"), SETTINGS).onTheWall());
    long wall = LocalDateTime.of(2024, 7, 1, 12, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
    assertThat(Instant.ofEpochMilli(parser.millis(wall, "")))
        .isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
    long twice = LocalDateTime.of(2024, 10, 27, 2, 30).toInstant(ZoneOffset.UTC).toEpochMilli();
    assertThatThrownBy(() -> parser.millis(twice, ""))
        .hasMessageContaining("the.time-overlap=refuse");
  }

  @Test
  void shouldReadExcelDaysInTheZone() throws TimeException {
    TimeParser parser =
        TimeParser.of(TimeFormat.of("excel-days", ZoneId.of("Europe/Berlin"), SETTINGS));
    assertThat(Instant.ofEpochMilli(parser.millis(45413.5, "")))
        .isEqualTo(Instant.parse("2024-05-01T10:00:00Z"));
    assertThatThrownBy(() -> parser.millis(60, ""))
        .hasMessage("a day from 1 (1900-01-01), and not 60, which never was");
    assertThatThrownBy(() -> parser.millis(0.5, "")).isInstanceOf(TimeException.class);
    assertThatThrownBy(() -> parser.millis(60.5, "")).isInstanceOf(TimeException.class);
  }

  @Test
  void shouldSayWhichUnitWouldMakeSense() {
    assertThat(Likely.instead(EpochUnit.EPOCH_MILLIS, 1_714_521_600L))
        .contains(new Likely(EpochUnit.EPOCH_SECONDS, Instant.parse("2024-05-01T00:00:00Z")));
    assertThat(Likely.instead(EpochUnit.EPOCH_DAYS, 45_413 * 86_400_000L))
        .contains(new Likely(EpochUnit.EXCEL_DAYS, Instant.parse("2024-05-01T00:00:00Z")));
    assertThat(Likely.instead(EpochUnit.EPOCH_SECONDS, 1_714_521_600_000_000L))
        .contains(new Likely(EpochUnit.EPOCH_MILLIS, Instant.parse("2024-05-01T00:00:00Z")));
    assertThat(Likely.instead(EpochUnit.EPOCH_MILLIS, 1_714_521_600_000_000L))
        .contains(new Likely(EpochUnit.EPOCH_MICROS, Instant.parse("2024-05-01T00:00:00Z")));
    assertThat(Likely.instead(EpochUnit.EPOCH_NANOS, 1_714L))
        .contains(new Likely(EpochUnit.EPOCH_SECONDS, Instant.parse("2024-04-24T23:06:40Z")));
    assertThat(Likely.instead(EpochUnit.EPOCH_MILLIS, 1_714_521_600_000L)).isEmpty();
    assertThat(Likely.instead(EpochUnit.EPOCH_MILLIS, 3_600_000L)).isEmpty();
    assertThat(Likely.instead(EpochUnit.EPOCH_MILLIS, -5L)).isEmpty();
    assertThatThrownBy(() -> of("epoch-seconds").millis(1_714_521_600_123_456_789L, ""))
        .hasMessage(
            "a time that a long of milliseconds holds; the.time-format=epoch-nanos makes it 2024-05-01T00:00:00.123Z");
  }

  @Test
  void shouldRefuseWhatIsNoNumber() {
    for (Object found : new Object[] {true, new Object()}) {
      assertThatThrownBy(() -> of("epoch-millis").millis(found, ""))
          .hasMessage("a number (epoch-millis)");
    }
    assertThatThrownBy(() -> of("epoch-millis").millis("5", ""))
        .hasMessage(
            "a number (epoch-millis); the.allow-numeric-strings=true reads text that spells one");
    assertThatThrownBy(() -> of("epoch-millis").millis("2024-05-01T10:00:00Z", ""))
        .hasMessage("a number (epoch-millis); text such as this is the.time-format=iso-8601");
  }

  @Test
  void shouldTellNumbersThatALongDoesNotHold() {
    Object[] numbers = {
      Double.NaN,
      Float.NEGATIVE_INFINITY,
      1e300,
      BigInteger.TEN.pow(900),
      new BigDecimal("1e999999999"),
      new BigDecimal("-1e999999999"),
      new BigDecimal("1e-999999999"),
    };
    for (String format : new String[] {"epoch-days", "epoch-seconds", "epoch-nanos"}) {
      for (Object number : numbers) {
        assertThatThrownBy(() -> of(format).millis(number, ""))
            .isInstanceOfSatisfying(
                TimeException.class, e -> assertThat(e.isOutOfRange()).isTrue());
      }
    }
    assertThatThrownBy(() -> of("epoch-seconds").millis(Long.MAX_VALUE, ""))
        .isInstanceOf(TimeException.class);
  }

  private static TimeParser of(String format) {
    return TimeParser.of(TimeFormat.of(format, null, SETTINGS));
  }
}
