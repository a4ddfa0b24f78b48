package io.tidecast.flink.format.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.format.field.FieldPath;
import io.tidecast.flink.format.field.Mapping.TimeField;
import io.tidecast.flink.format.field.RefusedException;
import io.tidecast.runtime.time.TimeFormat;
import io.tidecast.runtime.time.TimeFormat.Settings;
import io.tidecast.schemas.ErrorCode;
import java.time.ZoneId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TimeReaderTest {

  @Test
  void shouldSayWhichFieldIsNoTimeAndWhatWasFound() {
    assertRefused(
        reader(TimeFormat.ISO_8601, null, "meta.at"),
        "2024-02-30T10:00Z",
        ErrorCode.INVALID_FIELD,
        "field must be a time (iso-8601): meta.at=\"2024-02-30T10:00Z\"");
    assertRefused(
        reader("dd.MM.yyyy HH:mm", "UTC", "date", "hour"),
        "1.2.2024 10:00",
        ErrorCode.INVALID_FIELD,
        "field must be a time (dd.MM.yyyy HH:mm): date and hour=\"1.2.2024 10:00\"");
    assertRefused(
        reader("epoch-millis", null, "t"),
        true,
        ErrorCode.INVALID_FIELD,
        "field must be a number (epoch-millis): t=true");
    assertRefused(
        reader("epoch-millis", null, "t"),
        "1777629600000",
        ErrorCode.INVALID_FIELD,
        "field must be a number (epoch-millis); source.mapping.allow-numeric-strings=true reads text that spells one: t=\"1777629600000\"");
  }

  @Test
  void shouldNameTheKeyAndBothTimesWhereClocksGoBack() {
    assertRefused(
        reader(TimeFormat.ISO_8601, "Europe/Zurich", "t"),
        "2024-10-27T02:30",
        ErrorCode.INVALID_FIELD,
        "field must be one time, and where clocks of Europe/Zurich go back it is"
            + " 2024-10-27T00:30:00Z and 2024-10-27T01:30:00Z"
            + " (source.mapping.time-overlap=refuse; earlier or later takes one of them):"
            + " t=\"2024-10-27T02:30\"");
  }

  @Test
  void shouldTellTimesThatNoLongOfMillisHolds() {
    assertRefused(
        reader("epoch-seconds", null, "t"),
        Long.MAX_VALUE,
        ErrorCode.TIME_OUT_OF_RANGE,
        "field must be a time that a long of milliseconds holds: t=9223372036854775807");
  }

  private static void assertRefused(
      TimeReader reader, Object found, ErrorCode code, String message) {
    assertThatThrownBy(() -> reader.millis(found, "s"))
        .isInstanceOfSatisfying(RefusedException.class, e -> assertThat(e.code).isEqualTo(code))
        .hasMessage(message);
  }

  private static TimeReader reader(String format, String zone, String... paths) {
    return new TimeReader(
        new TimeField(
            Arrays.stream(paths).map(FieldPath::parse).toList(),
            TimeFormat.of(
                format, zone == null ? null : ZoneId.of(zone), new Settings("source.mapping."))));
  }
}
