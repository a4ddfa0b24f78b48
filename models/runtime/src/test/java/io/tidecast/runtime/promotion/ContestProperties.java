package io.tidecast.runtime.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Has many seeded contests of two models play, whose forecasts from neighbouring origins are off by
 * nearly the same, as real ones are.
 */
class ContestProperties {

  private static final int HORIZON = 24;
  private static final int[] LEADS = {1, 2, 4, 8, 16, 24};
  private static final int CELLS = 2_000;
  private static final int SEEDS = 200;

  private static PromotionRule rule(double betterBy) {
    return new PromotionRule(betterBy, 200, .99, 200, HORIZON, false);
  }

  /** What the one model is off by, and the other, for each cell. */
  private record Losses(double[] ofA, double[] ofB) {}

  /**
   * Two that forecast a random walk: what nobody could know is in the errors of both, for as many
   * cells as the lead time has. Beside that each is off by something of its own, which lasts.
   *
   * @param own size of that for each of the two, where what nobody could know is 1 in each cell
   * @param memory of one cell in the next, 0 for none
   */
  private static Losses losses(Random random, double[] own, double memory) {
    int begin = HORIZON;
    double[] walk = new double[begin + CELLS];
    double[][] biases = new double[2][begin + CELLS];
    for (int cell = 1; cell < walk.length; cell++) {
      walk[cell] = walk[cell - 1] + random.nextGaussian();
      for (int model = 0; model < 2; model++) {
        double fresh = Math.sqrt(1 - memory * memory) * own[model];
        biases[model][cell] = memory * biases[model][cell - 1] + fresh * random.nextGaussian();
      }
    }
    double[][] losses = new double[2][CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      for (int lead : LEADS) {
        double unknown = walk[begin + cell] - walk[begin + cell - lead];
        for (int model = 0; model < 2; model++) {
          losses[model][cell] += Math.abs(unknown + biases[model][begin + cell]) / LEADS.length;
        }
      }
    }
    return new Losses(losses[0], losses[1]);
  }

  /** After how many cells the place was given away, each time. */
  private static List<Integer> play(PromotionRule rule, Losses of) {
    ModelName[] names = {new ModelName("a", "1"), new ModelName("b", "1")};
    double[][] losses = {of.ofA(), of.ofB()};
    int primary = 0;
    List<Integer> promotions = new ArrayList<>();
    Contest contest = new Contest(rule);
    for (int cell = 0; cell < CELLS; cell++) {
      int rival = 1 - primary;
      contest.add(
          new Bout(
              cell,
              names[primary],
              names[rival],
              Bout.parts(losses[primary][cell]),
              Bout.parts(losses[rival][cell]),
              1,
              true));
      long block = rule.block(cell);
      if (rule.block(cell + 1) > block) {
        for (Verdict verdict : contest.closeThrough(block, any -> true)) {
          if (verdict.kind() == Verdict.Kind.LOSES) {
            primary = rival;
            promotions.add(cell + 1);
          }
        }
      }
    }
    return promotions;
  }

  @Test
  void shouldNeverFlapBetweenEquals() {
    for (double memory : new double[] {0, .5, .9, .97}) {
      for (double betterBy : new double[] {0, .05}) {
        int all = 0;
        int most = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
          Losses equal = losses(new Random(seed), new double[] {1, 1}, memory);
          int promotions = play(rule(betterBy), equal).size();
          all += promotions;
          most = Math.max(most, promotions);
        }
        assertThat(most).as("memory %s, better by %s", memory, betterBy).isLessThanOrEqualTo(1);
        // There is room for five contests at 1 % each, where nothing lasts for longer than a block.
        if (memory <= .9) {
          assertThat(all).isLessThanOrEqualTo(SEEDS / 20);
        }
      }
    }
  }

  @Test
  void shouldReplaceAWorsePrimaryWhenItsFirstContestIsOver() {
    int contest = PromotionRule.LEAST_BLOCKS * HORIZON;
    int late = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Losses worse = losses(new Random(seed), new double[] {4, 1}, .5);
      List<Integer> promotions = play(rule(.05), worse);
      assertThat(promotions).hasSize(1);
      late += promotions.get(0) > contest ? 1 : 0;
    }
    assertThat(late).isZero();
  }
}
