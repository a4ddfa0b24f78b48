package io.tidecast.flink.hindsight;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewestCellsTest {

  @Test
  void shouldKnowTheNewestCellOfEachSeries() {
    NewestCells newest = new NewestCells();
    for (int series = 0; series < 50_000; series++) {
      assertThat(newest.of("site-" + series)).isEqualTo(NewestCells.UNKNOWN);
      newest.put("site-" + series, series);
    }
    newest.put("site-7", 90_000);
    for (int series = 0; series < 50_000; series++) {
      assertThat(newest.of("site-" + series)).isEqualTo(series == 7 ? 90_000 : series);
    }
  }

  /** Who waits for a cell that has come would wait for long; who does not wait is held. */
  @Test
  void shouldTellTheLaterCellOfNamesWithOneHash() {
    assertThat("Aa").hasSameHashCodeAs("BB");
    NewestCells newest = new NewestCells();
    newest.put("Aa", 9);
    newest.put("BB", 3);
    assertThat(newest.of("Aa")).isEqualTo(9);
    assertThat(newest.of("BB")).isEqualTo(9);
  }

  @Test
  void shouldForgetAllRatherThanGrowForEver() {
    NewestCells newest = new NewestCells();
    int series = 0;
    newest.put("first", 1);
    while (newest.of("first") != NewestCells.UNKNOWN && series < 3_000_000) {
      newest.put("site-" + series, series);
      series++;
    }
    assertThat(series).isBetween(1_000_000, 2_000_000);
    newest.put("first", 2);
    assertThat(newest.of("first")).isEqualTo(2);
  }
}
