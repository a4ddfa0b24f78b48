package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.measures.Leads;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MixtureWeightsTest {
  private static final Leads LEADS = new Leads(1, 4);

  @Test
  void shouldWeighAllAlikeBeforeAnyOutcome() {
    assertThat(weights(new MixtureWeights(LEADS, 4)))
        .isDeepEqualTo(new double[][] {{.25, .25, .25, .25}, {.25, .25, .25, .25}});
  }

  /** By hand: half of a record of 1 to 3, half of the aggregation after gains of 1 and -1. */
  @Test
  void shouldBeWhatTheFormulasSay() {
    MixtureWeights weights = new MixtureWeights(new Leads(1), 2);
    weights.learn(0, 0, new float[] {1, 3}, 2);
    double record = 729.0 / 730;
    double aggregated = Math.E / (1 + Math.E);
    assertThat(weights(weights)[0][0]).isCloseTo((record + aggregated) / 2, within(1e-12));
  }

  @Test
  void shouldFollowTheMemberThatIsRightAndLaterTheOther() {
    MixtureWeights weights = new MixtureWeights(LEADS, 3);
    Random random = new Random(1);
    learn(weights, random, 300, .1, 1, 2);
    assertThat(weights(weights)[0][0]).isGreaterThan(.95);
    learn(weights, random, 300, 2, 1, .1);
    assertThat(weights(weights)[0][2]).isGreaterThan(.75);
  }

  /** Members whose errors have these deviations. */
  private static void learn(MixtureWeights weights, Random random, int cells, double... off) {
    for (int i = 0; i < cells; i++) {
      weights.elapse(1);
      float[] said = new float[off.length];
      for (int k = 0; k < off.length; k++) {
        said[k] = (float) (off[k] * random.nextGaussian());
      }
      for (int lead = 0; lead < LEADS.count(); lead++) {
        weights.learn(lead, 0, said, mixed(weights, lead, said));
      }
    }
  }

  private static double mixed(MixtureWeights weights, int lead, float[] said) {
    double[][] now = weights(weights);
    double sum = 0;
    for (int k = 0; k < said.length; k++) {
      sum += Double.isNaN(said[k]) ? 0 : now[lead][k] * said[k];
    }
    return sum;
  }

  /** Two are off by 1 to either side, one by 0.9 to a side at random. */
  @Test
  void shouldFindMembersWhoseErrorsCancel() {
    MixtureWeights weights = new MixtureWeights(new Leads(1), 3);
    Random random = new Random(2);
    double error = 0;
    for (int i = 0; i < 1000; i++) {
      float side = random.nextBoolean() ? 1 : -1;
      float[] said = {side, -side, .9f * (random.nextBoolean() ? 1 : -1)};
      double mixed = mixed(weights, 0, said);
      error += i < 500 ? 0 : Math.abs(mixed) / 500;
      weights.elapse(1);
      weights.learn(0, 0, said, mixed);
    }
    assertThat(error).as("of the mixture; the best member has 0.9").isLessThan(.6);
  }

  @Test
  void shouldNotBeTurnedByASpike() {
    MixtureWeights weights = new MixtureWeights(LEADS, 2);
    learn(weights, new Random(3), 500, .1, .3);
    double before = weights(weights)[0][0];
    weights.elapse(1);
    weights.learn(0, 0, new float[] {1000, 0}, 800);
    assertThat(weights(weights)[0][0]).isCloseTo(before, within(.1));
    weights.learn(0, 0, new float[] {.1f, .2f}, .1);
    assertThat(weights(weights)[0][0]).isCloseTo(before, within(.1));
  }

  @Test
  void shouldNotCareForAMemberThatSaysNothing() {
    MixtureWeights weights = new MixtureWeights(LEADS, 3);
    learn(weights, new Random(4), 200, .1, 1, 1);
    double[] before = weights(weights)[0].clone();
    for (int i = 0; i < 100; i++) {
      weights.learn(0, 0, new float[] {Float.NaN, 1, -1}, 0);
    }
    assertThat(weights(weights)[0][0]).isCloseTo(before[0], within(.05));
    weights.learn(0, Double.NaN, new float[] {1, 1, 1}, 1);
    weights.learn(0, 1, new float[] {Float.NaN, Float.NaN, Float.NaN}, Double.NaN);
    assertThat(weights(weights)[0][0]).isCloseTo(before[0], within(.05));
  }

  @Test
  void shouldLetAMemberThatTakesAPlaceBeginInTheMiddle() {
    MixtureWeights weights = new MixtureWeights(LEADS, 3);
    learn(weights, new Random(5), 200, 3, .1, 1);
    assertThat(weights(weights)[0][0]).isLessThan(.01);
    weights.replace(0);
    assertThat(weights(weights)[0][0]).isBetween(.1, .5);
    learn(weights, new Random(6), 300, .01, .1, 1);
    assertThat(weights(weights)[0][0]).isGreaterThan(.6);
  }

  @Test
  void shouldGoOnToTheBitWhereItWasWritten() {
    MixtureWeights one = new MixtureWeights(LEADS, 3);
    learn(one, new Random(7), 50, .1, 1, 2);
    ByteBuffer bytes = ByteBuffer.allocate(one.bytes());
    one.write(bytes);
    assertThat(bytes.remaining()).isZero();
    MixtureWeights other = new MixtureWeights(LEADS, 3);
    learn(other, new Random(8), 20, 2, 1, 2);
    other.read(bytes.flip());
    learn(one, new Random(9), 50, .3, .4, .5);
    learn(other, new Random(9), 50, .3, .4, .5);
    assertThat(weights(other)).isDeepEqualTo(weights(one));
    other.clear();
    assertThat(weights(other)[1]).containsOnly(1.0 / 3);
  }

  @Test
  void shouldBeWeightsWhateverHappens() {
    Random random = new Random(10);
    for (int round = 0; round < 300; round++) {
      int members = 1 + random.nextInt(5);
      MixtureWeights weights = new MixtureWeights(LEADS, members);
      double size = Math.pow(10, random.nextInt(60) - 30);
      for (int i = 0; i < 60; i++) {
        weights.elapse(1 + random.nextInt(3));
        float[] said = new float[members];
        for (int k = 0; k < members; k++) {
          said[k] = any(random, size);
        }
        weights.learn(random.nextInt(2), any(random, size), said, any(random, size));
        for (double[] ofTheLead : weights(weights)) {
          double sum = 0;
          for (double weight : ofTheLead) {
            assertThat(weight).isBetween(0.0, 1.0 + 1e-9);
            sum += weight;
          }
          assertThat(sum).isCloseTo(1, within(1e-9));
        }
      }
    }
  }

  private static float any(Random random, double size) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> Float.NaN;
      case 2 -> (float) size;
      case 3 -> (float) (size * 1e7);
      default -> (float) (size * random.nextGaussian());
    };
  }

  private static double[][] weights(MixtureWeights weights) {
    double[][] all = new double[weights.leads().count()][weights.members()];
    weights.weights(all);
    return all;
  }
}
