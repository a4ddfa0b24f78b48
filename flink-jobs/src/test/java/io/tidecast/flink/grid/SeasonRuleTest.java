package io.tidecast.flink.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.grid.GridStep;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeasonRuleTest {

  @ParameterizedTest
  @CsvSource({
    "MONTH, 24, 12",
    "MONTH, 11, 1",
    "QUARTER, 24, 4",
    "HALF_YEAR, 24, 2",
    "YEAR, 24, 1",
    "BUSINESS_DAY, 24, 5",
    "WEEK, 60, 1",
    "DAY, 24, 7"
  })
  void shouldFindTheSeasonOfStepsOfTheCalendar(GridStep.Unit unit, int context, int cells) {
    Duration step = GridStep.of(unit, ZoneOffset.UTC).length();
    assertThat(new SeasonRule(step, null).steps(context)).isEqualTo(cells);
  }

  @ParameterizedTest
  @CsvSource({"PT1H, 336, 168", "PT1H, 100, 24", "PT30M, 47, 1", "PT7H, 100, 24"})
  void shouldFindTheSeasonOfFixedSteps(Duration step, int context, int cells) {
    assertThat(new SeasonRule(step, null).steps(context)).isEqualTo(cells);
  }
}
