package io.tidecast.runtime.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalendarFeatureTest {

  private static final long HOUR = 3_600_000;

  /** What {@code utils/timefeatures.py} of the official repository of Autoformer gives. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2016-02-29T23:59:59Z | 0.5         | 0.5          | 0.5         | -0.5        | 0.43333334   | -0.33835617 | -0.34615386 | -0.4090909
          2016-12-31T00:00:00Z | -0.5        | -0.5         | -0.5        | 0.33333334  | 0.5          | 0.5         | 0.48076922  | 0.5
          2017-12-31T12:30:00Z | -0.5        | 0.008474576  | 0.02173913  | 0.5         | 0.5          | 0.49726027  | 0.48076922  | 0.5
          2018-01-01T00:00:00Z | -0.5        | -0.5         | -0.5        | -0.5        | -0.5         | -0.5        | -0.5        | -0.5
          2021-01-03T06:15:00Z | -0.5        | -0.2457627   | -0.23913044 | 0.5         | -0.43333334  | -0.49452055 | 0.5         | -0.5
          2024-12-30T00:00:00Z | -0.5        | -0.5         | -0.5        | -0.5        | 0.46666667   | 0.49726027  | -0.5        | 0.5
          2011-10-26T07:20:36Z | 0.11016949  | -0.16101696  | -0.19565217 | -0.16666667 | 0.33333334   | 0.31643835  | 0.30769232  | 0.3181818
          """)
  void shouldGiveWhatTheOfficialRepositoriesGive(
      String time,
      float second,
      float minute,
      float hour,
      float dayOfWeek,
      float dayOfMonth,
      float dayOfYear,
      float week,
      float month) {
    float[] found = new float[CalendarFeature.values().length];

    CalendarFeature.fill(
        List.of(CalendarFeature.values()), Instant.parse(time).toEpochMilli(), HOUR, found);

    assertThat(found)
        .containsExactly(second, minute, hour, dayOfWeek, dayOfMonth, dayOfYear, week, month);
  }

  @Test
  void shouldStepThroughTimeFeatureByFeature() {
    float[] found = new float[6];

    CalendarFeature.fill(
        List.of(CalendarFeature.DAY_OF_WEEK, CalendarFeature.HOUR_OF_DAY),
        Instant.parse("1969-12-28T22:00:00Z").toEpochMilli(),
        HOUR,
        found);

    float hour22 = (float) (22 / 23.0 - 0.5);
    assertThat(found).containsExactly(0.5f, hour22, 0.5f, 0.5f, -0.5f, -0.5f);
  }

  @Test
  void shouldBeFoundByItsName() {
    for (CalendarFeature feature : CalendarFeature.values()) {
      assertThat(CalendarFeature.named(feature.key())).isEqualTo(feature);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalendarFeature.named("hour"))
        .withMessageStartingWith("must be among [second_of_minute, minute_of_hour, ")
        .withMessageEndingWith("]: timeFeatures=hour");
  }
}
