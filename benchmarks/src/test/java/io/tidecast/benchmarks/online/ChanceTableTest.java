package io.tidecast.benchmarks.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.benchmarks.online.ChanceTable.Drawn;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChanceTableTest {

  /** Of independent outcomes the coverage has the deviation of a binomial share. */
  @Test
  void shouldDrawIndependentOutcomesAsABinomial() {
    Random random = new Random(1);
    double[] errors = random.doubles(2500).toArray();
    Drawn drawn = ChanceTable.draw(errors, 1, .9, random);
    assertThat(drawn.deviation()).isCloseTo(Math.sqrt(.9 * .1 / 2500), within(.001));
    assertThat(drawn.within()).isGreaterThan(.99);
  }

  /** Fifty alike are one: of forecasts of fifty steps that overlap there are as many as blocks. */
  @Test
  void shouldDrawRunsOfOutcomesAsSoManyFewer() {
    Random random = new Random(2);
    double[] errors = new double[2500];
    for (int run = 0; run < errors.length; run += 50) {
      Arrays.fill(errors, run, run + 50, random.nextDouble());
    }
    Drawn drawn = ChanceTable.draw(errors, 50, .9, random);
    assertThat(drawn.deviation()).isCloseTo(Math.sqrt(.9 * .1 / 50), within(.01));
    assertThat(drawn.within()).isLessThan(.6);
  }
}
