package io.tidecast.training.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeasonalityTest {

  @Test
  void shouldRepeatAWholePeriodWithItsEdges() {
    double[] profile = {1, 5, 2};
    assertThat(Seasonality.repeat(profile, 3, 1.7, 7)).containsExactly(5, 2, 1, 5, 2, 1, 5);
  }

  @Test
  void shouldInterpolateABrokenPeriod() {
    double[] profile = {0, 2};
    assertThat(Seasonality.repeat(profile, 4, 0, 6)).containsExactly(0, 1, 2, 1, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 7, 12, 24, 30.44, 365.25, 8766})
  void shouldDrawProfilesOfMeanZeroAndDeviationOne(double period) {
    for (int seed = 0; seed < 40; seed++) {
      double[] profile = Seasonality.profile(new Draws(new SplittableRandom(seed)), period);
      assertThat(profile.length).isEqualTo((int) Math.min(1024, Math.ceil(period)));
      assertThat(Values.mean(profile)).isCloseTo(0, within(1e-9));
      assertThat(Values.deviation(profile)).isCloseTo(1, within(1e-9));
    }
  }

  @Test
  void shouldTurnAsFarAsTheCosineDoes() {
    double[] values = new double[5000];
    Waves.add(values, 3, 0.37, 1.1);
    for (int t = 0; t < values.length; t++) {
      assertThat(values[t]).isCloseTo(3 * Math.cos(0.37 * t + 1.1), within(1e-9));
    }
  }
}
