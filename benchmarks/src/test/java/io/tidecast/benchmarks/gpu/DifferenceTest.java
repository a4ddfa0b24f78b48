package io.tidecast.benchmarks.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final float[] EXPECTED = {1, 3, 2, 2, 4, 0};

  @Test
  void shouldCountWindowsThatAreFurtherAwayThanAllowed() {
    float[] found = {1.02f, 3, 2, 2.1f, 4, 0.02f};
    Difference difference = Difference.of(EXPECTED, found, 2, 0.02);
    // The mean of all is 2, the unit of what is smaller.
    assertThat(difference.greatest()).isCloseTo(0.05, within(1e-6));
    assertThat(difference.windows()).isEqualTo(1);
    assertThat(Difference.of(EXPECTED, EXPECTED, 2, 0)).isEqualTo(new Difference(0, 0));
  }

  @Test
  void shouldTakeWhatIsNoNumberForFurthestAway() {
    float[] found = {1, 3, Float.NaN, 2, 4, Float.POSITIVE_INFINITY};
    assertThat(Difference.of(EXPECTED, found, 2, 0.5))
        .isEqualTo(new Difference(Double.MAX_VALUE, 2));
  }
}
