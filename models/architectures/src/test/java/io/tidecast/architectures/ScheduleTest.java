package io.tidecast.architectures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void shouldDecayAsPatchTstDoes() {
    for (int epoch = 0; epoch <= 3; epoch++) {
      assertThat(Schedule.DECAY.factor(epoch, 100)).isEqualTo(1);
    }
    assertThat(Schedule.DECAY.factor(4, 100)).isCloseTo(0.9, within(1e-12));
    assertThat(Schedule.DECAY.factor(6, 100)).isCloseTo(0.729, within(1e-12));
  }

  @Test
  void shouldHalveAfterEveryEpoch() {
    assertThat(Schedule.HALVING.factor(0, 10)).isEqualTo(1);
    assertThat(Schedule.HALVING.factor(3, 10)).isEqualTo(0.125);
  }

  @Test
  void shouldFallAlongHalfACosine() {
    assertThat(Schedule.COSINE.factor(0, 10)).isEqualTo(1);
    assertThat(Schedule.COSINE.factor(5, 10)).isCloseTo(0.5, within(1e-12));
    assertThat(Schedule.COSINE.factor(10, 10)).isCloseTo(0, within(1e-12));
  }

  @Test
  void shouldStay() {
    assertThat(Schedule.CONSTANT.factor(99, 100)).isEqualTo(1);
  }
}
