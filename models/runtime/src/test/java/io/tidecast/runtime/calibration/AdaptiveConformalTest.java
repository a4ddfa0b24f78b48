package io.tidecast.runtime.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveConformalTest {

  /** The values that the tests of the R package AdaptiveConformal expect: a miss, then a hit. */
  @Test
  void shouldMoveAsPublished() {
    double afterMiss = AdaptiveConformal.next(.95, .01, true, .05);
    assertThat(afterMiss).isCloseTo(.95 + .01 * .95, within(1e-15));
    assertThat(AdaptiveConformal.next(afterMiss, .01, false, .05))
        .isCloseTo(.95 + .01 * .95 - .01 * .05, within(1e-15));
  }

  /** Scores of an adversary who sees the threshold, of trends, jumps and chance. */
  @Test
  void shouldCoverWithinThePublishedBound() {
    Random random = new Random(1);
    for (int round = 0; round < 400; round++) {
      double greatest = Math.pow(10, 6 * random.nextDouble() - 3);
      double step = greatest * Math.pow(10, -3 * random.nextDouble());
      double miscoverage = .02 + .9 * random.nextDouble();
      double threshold = greatest * random.nextDouble();
      int kind = random.nextInt(4);
      int misses = 0;
      for (int t = 1; t <= 3000; t++) {
        double score =
            switch (kind) {
              case 0 -> Math.min(greatest, Math.max(0, threshold * (1 + 1e-9)));
              case 1 -> greatest * random.nextDouble();
              case 2 -> greatest * t / 3000;
              default -> t / 200 % 2 == 0 ? 0 : greatest;
            };
        boolean missed = score > threshold;
        misses += missed ? 1 : 0;
        threshold = AdaptiveConformal.next(threshold, step, missed, miscoverage);
        assertThat(Math.abs((double) misses / t - miscoverage))
            .as("round %d, outcome %d", round, t)
            .isLessThanOrEqualTo((greatest + step) / (step * t) + 1e-9);
      }
    }
  }
}
