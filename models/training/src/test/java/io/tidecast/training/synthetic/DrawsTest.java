package io.tidecast.training.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawsTest {
  private static final int COUNT = 40_000;

  private final Draws draws = new Draws(new SplittableRandom(1));

  @Test
  void shouldHaveTheMomentsOfTheDistributions() {
    assertMoments(draws::uniform, 0.5, 1.0 / 12);
    assertMoments(draws::exponential, 1, 1);
    assertMoments(draws::gaussian, 0, 1);
    assertMoments(draws::gammaOfThreeHalves, 1.5, 1.5);
    assertMoments(() -> draws.integer(2, 4), 3, 2.0 / 3);
    assertMoments(() -> draws.chance(0.2) ? 1 : 0, 0.2, 0.16);
    assertMoments(() -> Math.log(draws.logUniform(1e-3, 10)), Math.log(0.1), 7.07);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 2, 29, 31, 500})
  void shouldCountAsPoissonDid(double rate) {
    assertMoments(() -> draws.poisson(rate), rate, rate);
  }

  @Test
  void shouldHaveHeavyButFiniteTails() {
    int far = 0;
    for (int i = 0; i < COUNT; i++) {
      double drawn = draws.heavyTailed();
      assertThat(Math.abs(drawn)).isLessThanOrEqualTo(15);
      far += Math.abs(drawn) > 5 ? 1 : 0;
    }
    // 1.5 % of Student t with three degrees of freedom; a Gaussian has none.
    assertThat((double) far / COUNT).isBetween(0.011, 0.02);
  }

  @Test
  void shouldChooseByWeightAndNeverWhatWeighsNothing() {
    int[] counts = new int[4];
    for (int i = 0; i < COUNT; i++) {
      counts[draws.weighted(0, 3, 1, 0)]++;
    }
    assertThat(counts[0]).isZero();
    assertThat(counts[3]).isZero();
    assertThat((double) counts[1] / COUNT).isCloseTo(0.75, within(0.01));
  }

  private static void assertMoments(DoubleSupplier supplier, double mean, double variance) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      double drawn = supplier.getAsDouble();
      sum += drawn;
      squares += (drawn - mean) * (drawn - mean);
    }
    assertThat(sum / COUNT).isCloseTo(mean, within(4 * Math.sqrt(variance / COUNT)));
    assertThat(squares / COUNT / variance).isCloseTo(1, within(0.1));
  }
}
