package io.tidecast.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DemandSeriesTest {
  private final DemandSeries series = DemandSeries.load();

  @Test
  void shouldHoldTwelveWeeksOfHalfHours() {
    assertThat(series.rows()).isEqualTo(12 * DemandSeries.WEEK);
    assertThat(series.time(0)).isEqualTo(Instant.parse("2000-06-05T00:00:00Z"));
    assertThat(series.time(series.rows() - 1)).isEqualTo(Instant.parse("2000-08-27T23:30:00Z"));
    assertThat(series.value(0)).isEqualTo(22262);
  }

  @Test
  void shouldFindTheRowOfATime() {
    for (int row : new int[] {0, 1, DemandSeries.FIRST_TEST_ROW, series.rows() - 1}) {
      assertThat(series.row(series.time(row))).isEqualTo(row);
    }
    assertThat(series.row(Instant.parse("2000-06-04T23:30:00Z"))).isEqualTo(-1);
  }
}
