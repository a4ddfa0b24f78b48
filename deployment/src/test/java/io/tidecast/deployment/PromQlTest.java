package io.tidecast.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromQlTest {

  @Test
  void shouldFindEverySelector() {
    assertThat(
            PromQl.selectors(
                "sum by (reason) (rate(tidecast_a_total{job_name=~\".+\"}[1m])) / max(flink_b) >"
                    + " 0"))
        .containsExactly("tidecast_a_total{job_name=~\".+\"}", "flink_b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum(up)", "tidecast_a or vector(0)", "absent_over_time(tidecast_a[1h])"})
  void shouldRefuseWhatAsksForNothing(String expression) {
    assertThatThrownBy(() -> PromQl.selectors(expression)).isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldPutInWhatGrafanaDoes() {
    assertThat(PromQl.asked("rate(tidecast_a{job_name=~\"$job\"}[$__rate_interval])"))
        .isEqualTo("rate(tidecast_a{job_name=~\".+\"}[20s])");
  }
}
