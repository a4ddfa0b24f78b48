package io.tidecast.benchmarks.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.measures.Leads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the rules of the literature are compared as must be what the literature says. */
class PublishedRulesTest {
  private static final double EXACT = 1e-12;

  /** The tests of the R package AdaptiveConformal: 1, 2, 3 forecast as 0, 1, 2 at 95 %. */
  @Test
  void shouldGiveThePublishedIntervals() {
    for (IntervalRule rule : List.of(new PlainAci(.95, .01), new DynamicAci(.95))) {
      double width = 0;
      double loss = 0;
      int covered = 0;
      for (int i = 0; i < 3; i++) {
        double half = rule.half();
        double score = 1;
        width += 2 * half / 3;
        loss += (2 * half + 2 / .05 * Math.max(0, score - half)) / 3;
        covered += score <= half ? 1 : 0;
        rule.learn(score, half);
      }
      assertThat(covered).isEqualTo(2);
      assertThat(width).isCloseTo(1 + 1.0 / 3, within(EXACT));
      assertThat(loss).isCloseTo(14 + 2.0 / 3, within(1e-9));
      assertThat(rule.half()).as("the interval of the next").isEqualTo(1);
    }
  }

  /** The same tests follow the level through a miss of 1 and a hit of 0.5. */
  @Test
  void shouldMoveTheLevelAsPublished() {
    PlainAci rule = new PlainAci(.95, .01);
    rule.learn(1, rule.half());
    assertThat(rule.level()).isCloseTo(.95 + .01 * .95, within(EXACT));
    assertThat(rule.half()).isEqualTo(1);
    rule.learn(.5, rule.half());
    assertThat(rule.level()).isCloseTo(.95 + .01 * .95 - .01 * .05, within(EXACT));
    assertThat(rule.half()).isEqualTo(1);
  }

  @Test
  void shouldFindQuantilesOfScores() {
    ScoreHistory scores = new ScoreHistory();
    for (double score : new double[] {3, 1, 2, 2, 5}) {
      scores.add(score);
    }
    assertThat(scores.quantile(.2)).isEqualTo(1);
    assertThat(scores.quantile(.21)).isEqualTo(2);
    assertThat(scores.quantile(.8)).isEqualTo(3);
    assertThat(scores.quantile(2)).isEqualTo(5);
    assertThat(scores.quantile(-1)).isEqualTo(1);
    assertThat(scores.share(2)).isEqualTo(.6);
  }

  /** Errors of 1 and 2: the record says 16 to 1, whatever the lead. */
  @Test
  void shouldWeighByTheFourthPowerOfErrors() {
    double[][] weights = new double[2][2];
    RecordRule rule = new RecordRule(new Leads(1, 2), 2);
    rule.learn(1, 0, new float[] {1, -2}, 0);
    rule.elapse();
    rule.weights(weights);
    assertThat(weights[0]).containsExactly(new double[] {16.0 / 17, 1.0 / 17}, within(EXACT));
    assertThat(weights[1]).containsExactly(weights[0]);
  }

  /** By hand, after gains of 1 and -1: rates of 1/2, and of 1/2 for polynomial weights. */
  @Test
  void shouldAggregateAsPublished() {
    double[][] weights = new double[1][2];
    GradientRule bernstein = new GradientRule(true, 1, 2);
    bernstein.learn(0, 0, new float[] {1, 3}, 2);
    bernstein.weights(weights);
    assertThat(weights[0][0]).isCloseTo(Math.E / (1 + Math.E), within(EXACT));
    GradientRule polynomial = new GradientRule(false, 1, 2);
    polynomial.learn(0, 0, new float[] {1, 3}, 2);
    polynomial.learn(0, 0, new float[] {4, 1}, 2);
    polynomial.weights(weights);
    // Regrets 1 - 2 and -1 + 1: nobody has been better than the mixture.
    assertThat(weights[0]).containsExactly(.5, .5);
    polynomial.learn(0, 0, new float[] {0, 1}, 2);
    polynomial.weights(weights);
    // Regrets 1 and 1; squares 1 + 4 + 4 and 1 + 1 + 1, ranges 2 and 1.
    assertThat(weights[0][0]).isCloseTo(1.0 / 13 / (1.0 / 13 + 1.0 / 4), within(EXACT));
  }
}
