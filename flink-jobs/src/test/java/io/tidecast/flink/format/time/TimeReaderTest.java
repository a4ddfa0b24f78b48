package io.tidecast.flink.format.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.KeyNames;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.schemas.ErrorCode;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeReaderTest {

  private static final KeyNames KEYS = new KeyNames("the-separator", "the-zone", "the-channels");

  @ParameterizedTest
  @CsvSource({
    "epoch-millis, 1700000000123, 1700000000123",
    "epoch-seconds, 1700000000, 1700000000000",
    "epoch-seconds, -1, -1000",
    "epoch-micros, 1700000000123456, 1700000000123",
    "epoch-micros, -1, -1",
    "epoch-micros, -1001, -2",
    "epoch-nanos, 1700000000123456789, 1700000000123",
    "epoch-nanos, -1, -1",
    "epoch-days, 1, 86400000",
    "epoch-days, -1, -86400000",
  })
  void shouldReadWholeNumbers(String format, long number, long millis) throws RefusedException {
    assertThat(reader(format, null).millis(number)).isEqualTo(millis);
    assertThat(reader(format, null).millis(BigInteger.valueOf(number))).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-seconds, 1700000000.123, 1700000000123",
    "epoch-seconds, 1700000000.9999, 1700000000999",
    "epoch-seconds, -0.0001, -1",
    "epoch-seconds, 4.35, 4350",
    "epoch-millis, 1700000000123.7, 1700000000123",
    "epoch-micros, 1.7e15, 1700000000000",
  })
  void shouldReadFractionsAsTheyAreWritten(String format, double number, long millis)
      throws RefusedException {
    assertThat(reader(format, null).millis(number)).isEqualTo(millis);
  }

  @Test
  void shouldBeginDaysInTheZone() throws RefusedException {
    assertThat(reader("epoch-days", "Europe/Berlin").millis(20_000))
        .isEqualTo(Instant.parse("2024-10-03T22:00:00Z").toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "2024-02-29T10:15:30Z, , 2024-02-29T10:15:30Z",
    "2024-02-29T10:15:30.123456789Z, , 2024-02-29T10:15:30.123Z",
    "2024-02-29T10:15Z, , 2024-02-29T10:15:00Z",
    "2024-02-29T10:15:30+02:00, , 2024-02-29T08:15:30Z",
    "2024-02-29T10:15:30-02, , 2024-02-29T12:15:30Z",
    "2024-02-29T10:15:30+02:00, Asia/Tokyo, 2024-02-29T08:15:30Z",
    "2024-02-29T10:15:30, Asia/Tokyo, 2024-02-29T01:15:30Z",
    "2024-02-29, Asia/Tokyo, 2024-02-28T15:00:00Z",
    "2024-03-31T02:30:00, Europe/Berlin, 2024-03-31T01:30:00Z",
    "2024-10-27T02:30:00, Europe/Berlin, 2024-10-27T00:30:00Z",
  })
  void shouldReadIso8601(String text, String zone, Instant expected) throws RefusedException {
    assertThat(reader("iso-8601", zone).millis(text)).isEqualTo(expected.toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy HH:mm, 29.02.2024 10:15, UTC, 2024-02-29T10:15:00Z",
    "dd.MM.uuuu HH:mm:ss, 29.02.2024 10:15:30, +01:00, 2024-02-29T09:15:30Z",
    "yyyyMMddHHmmssSSS, 20240229101530123, UTC, 2024-02-29T10:15:30.123Z",
    "yyyyMMddHH, 2024022910, UTC, 2024-02-29T10:00:00Z",
    "yyyy-MM-dd, 2024-02-29, UTC, 2024-02-29T00:00:00Z",
    "M/d/yyyy h:mm a, 2/29/2024 1:05 PM, UTC, 2024-02-29T13:05:00Z",
    "dd/MMM/yyyy:HH:mm:ss Z, 29/Feb/2024:10:15:30 +0200, , 2024-02-29T08:15:30Z",
    "yyyy-MM-dd HH:mm:ss XXX, 2024-02-29 10:15:30 Z, , 2024-02-29T10:15:30Z",
    "yyyy-MM-dd HH:mm VV, 2024-02-29 10:15 Asia/Tokyo, , 2024-02-29T01:15:00Z",
    "yyyy-MM-dd'y'HH:mm, 2024-02-29y10:15, UTC, 2024-02-29T10:15:00Z",
    "yyyy-MM-dd HH:mm[X], 2024-02-29 10:15+02, UTC, 2024-02-29T08:15:00Z",
    "yyyy-MM-dd HH:mm[X], 2024-02-29 10:15, UTC, 2024-02-29T10:15:00Z",
    "yyyy-DDD, 2024-060, UTC, 2024-02-29T00:00:00Z",
  })
  void shouldReadPatterns(String pattern, String text, String zone, Instant expected)
      throws RefusedException {
    assertThat(reader(pattern, zone).millis(text)).isEqualTo(expected.toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource({
    "iso-8601, 2024-02-29T10:15:30, ",
    "iso-8601, 2024-02-29, ",
    "iso-8601, 2023-02-29T10:15:30Z, ",
    "iso-8601, 2024-04-31T10:15:30Z, ",
    "iso-8601, 2024-02-29T24:00:00Z, ",
    "iso-8601, 2024-02-29T23:59:60Z, ",
    "iso-8601, 2024-02-29 10:15:30Z, ",
    "iso-8601, 2024-02-29T10:15:30Z trailing, ",
    "iso-8601, 10:15:30Z, ",
    "iso-8601, soon, ",
    "iso-8601, '', ",
    "dd.MM.yyyy, 31.04.2024, UTC",
    "dd.MM.yyyy, 1.1.2024, UTC",
    "yyyy-MM-dd HH:mm[X], 2024-02-29 10:15, ",
  })
  void shouldRefuseOtherText(String format, String text, String zone) {
    TimeReader reader = reader(format, zone);
    assertThatThrownBy(() -> reader.millis(text))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.code).isEqualTo(ErrorCode.INVALID_FIELD))
        .hasMessageContaining("t=\"" + text);
  }

  @Test
  void shouldRefuseAnotherKind() {
    for (Object found : new Object[] {"5", true, new Object()}) {
      assertThatThrownBy(() -> reader("epoch-millis", null).millis(found))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.code).isEqualTo(ErrorCode.INVALID_FIELD));
    }
    for (Object found : new Object[] {5, 5.0, true, new Object()}) {
      assertThatThrownBy(() -> reader("iso-8601", null).millis(found))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.code).isEqualTo(ErrorCode.INVALID_FIELD));
    }
  }

  @Test
  void shouldRefuseWhatNoLongOfMillisHolds() {
    assertOutOfRange("epoch-seconds", Long.MAX_VALUE);
    assertOutOfRange("epoch-seconds", Long.MIN_VALUE);
    assertOutOfRange("epoch-days", Long.MAX_VALUE);
    assertOutOfRange("epoch-days", 1e300);
    assertOutOfRange("epoch-millis", BigInteger.TEN.pow(900));
    assertOutOfRange("epoch-micros", Double.MAX_VALUE);
    assertOutOfRange("epoch-millis", Double.NaN);
    assertOutOfRange("epoch-millis", Float.NEGATIVE_INFINITY);
    assertOutOfRange("iso-8601", "+999999999-01-01T00:00:00Z");
  }

  @Test
  void shouldReadNumbersAsTextWhenTold() throws RefusedException {
    TimeReader reader =
        TimeReader.of(new TimeField(FieldPath.parse("t"), "epoch-seconds", null), true, KEYS);
    assertThat(reader.millis("1700000000")).isEqualTo(1_700_000_000_000L);
    assertThat(reader.millis("1700000000.5")).isEqualTo(1_700_000_000_500L);
  }

  @ParameterizedTest
  @CsvSource({
    "epoch-milis, UTC",
    "iso8601, UTC",
    "ISO-8601, UTC",
    "HH:mm, UTC",
    "dd.MM. HH:mm, UTC",
    "yyyy-MM-dd hh:mm, UTC",
    "yyyy-MM-dd mm, UTC",
    "yyyy-MM-dd HH:mm, ",
    "yyyy-MM-dd 'open, UTC",
    "'''constant''', UTC",
  })
  void shouldRefuseAPatternThatLeavesSomethingOpen(String format, String zone) {
    assertThatIllegalArgumentException().isThrownBy(() -> reader(format, zone));
  }

  private static void assertOutOfRange(String format, Object found) {
    assertThatThrownBy(() -> reader(format, null).millis(found))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.code).isEqualTo(ErrorCode.TIME_OUT_OF_RANGE));
  }

  private static TimeReader reader(String format, String zone) {
    return TimeReader.of(
        new TimeField(FieldPath.parse("t"), format, zone == null ? null : ZoneId.of(zone)),
        false,
        KEYS);
  }
}
