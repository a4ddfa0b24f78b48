package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyGroupsTest {

  /** The fullest of so many subtasks has one whole group more than others. */
  @ParameterizedTest
  @CsvSource({
    "1, 128, 1",
    "6, 128, 1.03125",
    "12, 128, 1.03125",
    "48, 128, 1.125",
    "85, 128, 1.328125",
    "86, 256, 1.0078125"
  })
  void shouldCountWholeGroups(int parallelism, int count, double fullest) {
    KeyGroups groups = KeyGroups.byDefault(parallelism);

    assertThat(groups.count()).isEqualTo(count);
    assertThat(groups.fullest()).isCloseTo(fullest, within(1e-9));
  }

  @Test
  void shouldBeEvenWhereEachHasTen() {
    for (int parallelism = 1; parallelism <= 1_000; parallelism++) {
      assertThat(KeyGroups.even(parallelism).fullest()).isEqualTo(1);
    }
    assertThat(KeyGroups.even(30_000).count()).isEqualTo(32_768);
  }
}
