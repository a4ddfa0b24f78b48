package io.tidecast.runtime.measures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadsTest {

  @ParameterizedTest
  @CsvSource({"1,1", "2,1 2", "3,1 2 3", "64,1 2 4 8 16 32 64", "96,1 2 4 8 16 32 64 96"})
  void shouldDoubleUpToTheHorizon(int horizon, String steps) {
    Leads leads = Leads.upTo(horizon);
    assertThat(IntStream.range(0, leads.count()).map(leads::step))
        .containsExactly(Stream.of(steps.split(" ")).map(Integer::valueOf).toArray(Integer[]::new));
    assertThat(leads.horizon()).isEqualTo(horizon);
  }

  @Test
  void shouldShareStepsBetweenTwoLeads() {
    Leads leads = new Leads(2, 4, 8);
    assertThat(IntStream.rangeClosed(1, 8).map(leads::reaching))
        .containsExactly(0, 0, 1, 1, 2, 2, 2, 2);
    assertThat(IntStream.rangeClosed(1, 8).mapToDouble(leads::share))
        .containsExactly(1.0, 1.0, 0.5, 1.0, 0.25, 0.5, 0.75, 1.0);
  }

  @Test
  void shouldRefuseLeadsThatDoNotAscend() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Leads(1, 4, 4))
        .withMessage("must ascend from 1 or more: leads=[1, 4, 4]");
    assertThatIllegalArgumentException().isThrownBy(() -> new Leads(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Leads());
    assertThatIllegalArgumentException().isThrownBy(() -> Leads.upTo(0));
  }
}
