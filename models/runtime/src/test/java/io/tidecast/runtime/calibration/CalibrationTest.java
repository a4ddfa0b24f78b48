package io.tidecast.runtime.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.measures.Leads;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalibrationTest {
  private static final Leads LEADS = new Leads(1, 4, 24);
  private static final double[] LEVELS = {.05, .25, .75, .95};
  private static final int CELLS = 3000;
  private static final int WARM_UP = 500;

  private enum Noise {
    NORMAL,
    SKEWED,
    HEAVY,
    GROWING,
    CALM_AND_WILD
  }

  /** Points of 0 for whatever happens: errors are the values. */
  private static final class Stream {
    final double[] actuals = new double[CELLS];
    final float[][] quantiles = new float[CELLS][LEADS.horizon() * LEVELS.length];
    final Calibration calibration = new Calibration(LEADS, LEVELS);

    Stream(IntToDoubleFunction actual) {
      float[] points = new float[LEADS.horizon()];
      for (int cell = 0; cell < CELLS; cell++) {
        actuals[cell] = actual.applyAsDouble(cell);
        for (int lead = 0; lead < LEADS.count(); lead++) {
          int origin = cell - LEADS.step(lead);
          if (origin >= 0) {
            int at = (LEADS.step(lead) - 1) * LEVELS.length;
            calibration.learn(lead, actuals[cell], 0, quantiles[origin], at);
          }
        }
        calibration.quantiles(points, quantiles[cell]);
      }
    }

    /** The share of the cells from one to another that lay within their interval. */
    double coverage(int steps, int low, int from, int until) {
      int held = 0;
      for (int cell = from; cell < until; cell++) {
        int at = (steps - 1) * LEVELS.length;
        float[] issued = quantiles[cell - steps];
        held +=
            issued[at + low] <= actuals[cell]
                    && actuals[cell] <= issued[at + LEVELS.length - 1 - low]
                ? 1
                : 0;
      }
      return (double) held / (until - from);
    }
  }

  @ParameterizedTest
  @CsvSource({"NORMAL", "SKEWED", "HEAVY", "GROWING", "CALM_AND_WILD"})
  void shouldHoldWhatItSaysNearAndFar(Noise noise) {
    Random random = new Random(1);
    Stream stream =
        new Stream(
            cell -> {
              double draw = random.nextGaussian();
              return switch (noise) {
                case NORMAL -> draw;
                case SKEWED -> Math.exp(draw);
                case HEAVY -> draw / Math.max(.1, random.nextDouble());
                case GROWING -> draw * (1 + cell / 500.0);
                case CALM_AND_WILD -> cell / 150 % 2 == 0 ? draw : 4 * draw;
              };
            });
    for (int lead = 0; lead < LEADS.count(); lead++) {
      int steps = LEADS.step(lead);
      assertThat(stream.coverage(steps, 0, WARM_UP, CELLS)).as("%d", steps).isBetween(.88, .92);
      assertThat(stream.coverage(steps, 1, WARM_UP, CELLS)).as("%d", steps).isBetween(.47, .53);
    }
    assertThat(stream.coverage(10, 0, WARM_UP, CELLS)).as("between leads").isBetween(.87, .94);
  }

  @Test
  void shouldBeAboutAsNarrowAsTheBestConstantInterval() {
    Random random = new Random(2);
    Stream stream = new Stream(cell -> random.nextGaussian());
    for (int lead = 0; lead < LEADS.count(); lead++) {
      int steps = LEADS.step(lead);
      double width = 0;
      double[] sizes = new double[CELLS - WARM_UP];
      for (int cell = WARM_UP; cell < CELLS; cell++) {
        float[] issued = stream.quantiles[cell - steps];
        int at = (steps - 1) * LEVELS.length;
        width += (issued[at + 3] - issued[at]) / sizes.length;
        sizes[cell - WARM_UP] = Math.abs(stream.actuals[cell]);
      }
      Arrays.sort(sizes);
      double coverage = stream.coverage(steps, 0, WARM_UP, CELLS);
      double constant = 2 * sizes[(int) (coverage * sizes.length) - 1];
      assertThat(width / constant).as("%d", steps).isLessThan(1.15);
    }
  }

  /** The forecasts made before the level moves all miss by far; those after are as good as ever. */
  @Test
  void shouldNotWidenForForecastsFromBeforeAShift() {
    double covered = 0;
    int shifts = 60;
    for (int seed = 0; seed < shifts; seed++) {
      Random random = new Random(seed);
      int shift = 1000;
      // Forecasts of 24 steps: so long after the shift the old ones are off.
      Stream stream =
          new Stream(cell -> random.nextGaussian() + (cell >= shift && cell < shift + 24 ? 6 : 0));
      covered += stream.coverage(24, 0, shift + 74, shift + 174) / shifts;
    }
    assertThat(covered).isBetween(.85, .95);
  }

  @Test
  void shouldGiveThePointsBeforeAnyOutcome() {
    float[] quantiles = new float[2 * LEVELS.length];
    new Calibration(LEADS, LEVELS).quantiles(new float[] {3, 5}, quantiles);
    assertThat(quantiles).containsExactly(3, 3, 3, 3, 5, 5, 5, 5);
  }

  @Test
  void shouldLearnNothingFromACellWithoutValue() {
    Calibration calibration = new Calibration(LEADS, LEVELS);
    calibration.learn(0, Double.NaN, 0, new float[4], 0);
    assertThatIllegalStateException()
        .isThrownBy(() -> calibration.known(1))
        .withMessage("must have had an outcome at every lead: lead=1");
  }

  /** What never moved, and was forecast exactly, begins to move. */
  @Test
  void shouldFollowASeriesThatBeginsToMove() {
    Random random = new Random(3);
    Stream stream = new Stream(cell -> cell < 400 ? 0 : random.nextGaussian());
    assertThat(stream.coverage(1, 0, 800, CELLS)).isBetween(.88, .92);
  }

  /** Most errors are next to nothing, and every fifth is a thousand times as large. */
  @Test
  void shouldHoldOfASeriesThatMostlyRests() {
    Random random = new Random(8);
    Stream stream =
        new Stream(
            cell -> random.nextInt(5) > 0 ? random.nextGaussian() / 1000 : 1 + random.nextDouble());
    assertThat(stream.coverage(1, 0, WARM_UP, CELLS)).isBetween(.88, .92);
  }

  @Test
  void shouldNeverCross() {
    Random random = new Random(4);
    double[] levels = {.01, .1, .2, .3, .4, .5, .6, .7, .8, .9, .99};
    for (int round = 0; round < 50; round++) {
      Calibration calibration = new Calibration(LEADS, levels);
      float[] quantiles = new float[24 * levels.length];
      for (int i = 0; i < 200; i++) {
        double size = Math.pow(10, random.nextInt(9) - 4);
        int lead = random.nextInt(3);
        int at = (LEADS.step(lead) - 1) * levels.length;
        calibration.learn(lead, size * random.nextGaussian(), 0, quantiles, at);
        calibration.quantiles(new float[24], quantiles);
        for (int q = 0; q < quantiles.length; q++) {
          assertThat(quantiles[q]).isFinite();
          assertThat(q % levels.length == 0 || quantiles[q - 1] <= quantiles[q]).isTrue();
        }
      }
    }
  }

  @Test
  void shouldGoOnToTheBitWhereItWasWritten() {
    Random random = new Random(5);
    Calibration one = new Stream(cell -> random.nextGaussian()).calibration;
    ByteBuffer bytes = ByteBuffer.allocate(one.bytes());
    one.write(bytes);
    assertThat(bytes.remaining()).isZero();
    Calibration other = new Calibration(LEADS, LEVELS);
    other.read(bytes.flip(), 2);
    for (int i = 0; i < 100; i++) {
      double actual = random.nextGaussian();
      one.learn(i % 3, actual, 0, new float[] {-1, 0, 0, 1}, 0);
      other.learn(i % 3, actual, 0, new float[] {-1, 0, 0, 1}, 0);
    }
    assertThat(quantiles(other)).containsExactly(quantiles(one));
  }

  /** Twice the usual errors at a near lead make for wider intervals far ahead, at once. */
  @Test
  void shouldWidenFarAheadWhenNearErrorsGrow() {
    Calibration calibration = new Calibration(LEADS, LEVELS);
    ResidualQuantiles known =
        new ResidualQuantiles(
            LEADS,
            LEVELS,
            new double[] {1, 1, 1},
            new double[] {-2, -1, 1, 2, -2, -1, 1, 2, -2, -1, 1, 2});
    calibration.start(known, 1);
    assertThat(quantiles(calibration)[23 * 4 + 3]).isEqualTo(2);
    for (int i = 0; i < 20; i++) {
      calibration.learn(1, 4, 0, new float[] {-9, -1, 1, 9}, 0);
    }
    // Of each error twice the scale counts, in the scale by 1/51 to 1/70, in the unrest by .03.
    double scale = 1;
    double unrest = 1;
    for (int i = 0; i < 20; i++) {
      unrest += .03 * (2 * scale - unrest);
      scale += scale / (51 + i);
    }
    assertThat(quantiles(calibration)[23 * 4 + 3])
        .isEqualTo((float) (2 * Math.sqrt(unrest / scale)))
        .isGreaterThan(2.1f);
    assertThat(quantiles(calibration)[3]).as("a step ahead").isEqualTo(2);
  }

  @Test
  void shouldCorrectInSmallerStepsOnceItHasManyOutcomes() {
    assertThat(widening(100)).isCloseTo(.5 * .07 * 3, within(1e-6));
    assertThat(widening(10_000)).isCloseTo(.4 * .5 * .07 * 3, within(1e-6));
  }

  /** How much farther an interval reaches to each side after a miss than after a hit. */
  private static double widening(int outcomes) {
    float[] within = {-2, 2};
    float[] outside = {-.5f, .5f};
    Calibration missed = new Calibration(LEADS, .05, .95);
    Calibration held = new Calibration(LEADS, .05, .95);
    for (int i = 0; i < outcomes; i++) {
      float[] issued = i % 10 == 5 ? outside : within;
      missed.learn(0, i % 2 == 0 ? -1 : 1, 0, issued, 0);
      held.learn(0, i % 2 == 0 ? -1 : 1, 0, issued, 0);
    }
    missed.learn(0, 1, 0, outside, 0);
    held.learn(0, 1, 0, within, 0);
    float[] wide = new float[LEADS.horizon() * 2];
    float[] narrow = new float[LEADS.horizon() * 2];
    missed.quantiles(new float[LEADS.horizon()], wide);
    held.quantiles(new float[LEADS.horizon()], narrow);
    return wide[1] - (double) narrow[1];
  }

  @Test
  void shouldLearnItsUnrestAnewWhereItWasNotWritten() {
    Random random = new Random(7);
    Calibration one = new Stream(cell -> random.nextGaussian()).calibration;
    ByteBuffer bytes = ByteBuffer.allocate(one.bytes());
    one.write(bytes);
    Calibration other = new Calibration(LEADS, LEVELS);
    other.read(bytes.flip().limit(one.bytes() - Double.BYTES), 1);
    assertThat(bytes.hasRemaining()).isFalse();
    float[] before = quantiles(one);
    float[] after = quantiles(other);
    int far = 23 * LEVELS.length;
    assertThat(Arrays.copyOf(after, LEVELS.length)).isEqualTo(Arrays.copyOf(before, LEVELS.length));
    assertThat(after[far] / after[far + 3]).isCloseTo(before[far] / before[far + 3], within(1e-5f));
    assertThat(after[far]).isCloseTo(before[far], within(.5f)).isNotEqualTo(before[far]);
  }

  private static float[] quantiles(Calibration calibration) {
    float[] quantiles = new float[LEADS.horizon() * LEVELS.length];
    calibration.quantiles(new float[LEADS.horizon()], quantiles);
    return quantiles;
  }

  /** Another series of the group has errors of the same kind, ten times as large. */
  @Test
  void shouldStartFromWhatIsKnownOfOthers() {
    Random random = new Random(6);
    ResidualQuantiles known = new Stream(cell -> random.nextGaussian()).calibration.known(1);
    Calibration young = new Calibration(LEADS, LEVELS);
    young.start(known, 10);
    float[] quantiles = quantiles(young);
    assertThat(quantiles[0]).isCloseTo(-16.4f, within(2f));
    assertThat(quantiles[quantiles.length - 1]).isCloseTo(16.4f, within(2f));
    young.learn(0, 10, 0, quantiles, 0);
    float[] after = quantiles(young);
    young.start(known, 1000);
    assertThat(quantiles(young)[0]).as("has had an outcome").isEqualTo(after[0]);
  }

  @Test
  void shouldRefuseToStartFromOtherLeadsOrLevels() {
    ResidualQuantiles known =
        new ResidualQuantiles(new Leads(1), LEVELS, new double[1], new double[4]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Calibration(LEADS, LEVELS).start(known, 1))
        .withMessage(
            "must be of the same leads and levels: levels=[0.05, 0.25, 0.75, 0.95] to 1 steps");
  }

  @ParameterizedTest
  @CsvSource({"0.1 0.8", "0.9 0.1", "0 1", "0.5 0.5", "0.2"})
  void shouldRefuseLevelsThatAreNoPairs(String levels) {
    double[] given = Arrays.stream(levels.split(" ")).mapToDouble(Double::valueOf).toArray();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Calibration(LEADS, given))
        .withMessageStartingWith(
            "must ascend within (0, 1), each with its partner 1 - level: levels=[");
  }

  @ParameterizedTest
  @CsvSource({"0.05,-1.6448536269514722", "0.25,-0.6744897501960817", "0.5,0", "0.999,3.0902323"})
  void shouldKnowNormalQuantiles(double level, double quantile) {
    assertThat(NormalQuantile.of(level)).isCloseTo(quantile, within(1e-7));
  }
}
