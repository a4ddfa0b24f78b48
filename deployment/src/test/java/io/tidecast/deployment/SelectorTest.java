package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
  private static final String SCRAPE =
      """
      # TYPE flink_a_total counter
      flink_a_total{job_name="demand",reason="late"} 7.0
      flink_b 1.0
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sum(rate(flink_a_total[1m])); true",
        "sum by (reason) (flink_a_total{job_name=~\"$job\",reason=\"late\"}); true",
        "flink_a_total{reason=~\"l.*\"}; true",
        "flink_b; true",
        "flink_a; false",
        "flink_a_total{reason=\"early\"}; false",
        "flink_a_total{cause=\"late\"}; false",
        "flink_a_total{job=~\"$job\"}; false"
      })
  void shouldFindWhatIsSelected(String expression, boolean found) {
    assertThat(Selector.of(expression)).hasSize(1).allMatch(s -> s.isIn(SCRAPE) == found);
  }

  @Test
  void shouldRefuseWhatItCannotRead() {
    assertThatThrownBy(() -> Selector.of("sum(up)")).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Selector.of("flink_b{a='b'}")).isInstanceOf(AssertionError.class);
  }
}
