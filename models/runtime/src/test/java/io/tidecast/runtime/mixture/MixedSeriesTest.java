package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.calibration.Calibration;
import io.tidecast.runtime.measures.Leads;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MixedSeriesTest {
  private static final Leads LEADS = new Leads(1, 2, 5);
  private static final double[] LEVELS = {.05, .5, .95};

  /** Everything that was ever forecast is kept here, and looked up once it has closed. */
  @Test
  void shouldLearnFromEachForecastOnceItsCellHasClosed() {
    MixedSeries series = new MixedSeries(LEADS, 2, LEVELS);
    MixtureWeights weights = new MixtureWeights(LEADS, 2);
    Calibration calibration = new Calibration(LEADS, LEVELS);
    Random random = new Random(1);
    int cells = 60;
    float[][][] said = new float[cells][][];
    float[][] mixed = new float[cells][5];
    float[][] quantiles = new float[cells][15];
    for (int cell = 0; cell < cells; cell++) {
      double actual = cell % 11 == 3 ? Double.NaN : random.nextGaussian();
      series.close(cell, actual);
      if (cell > 0) {
        weights.elapse(1);
      }
      for (int lead = 0; lead < LEADS.count(); lead++) {
        int origin = cell - LEADS.step(lead);
        // At every seventh cell nothing was forecast.
        if (origin >= 0 && origin % 7 != 0) {
          int step = LEADS.step(lead) - 1;
          float[] then = {said[origin][0][step], said[origin][1][step]};
          weights.learn(lead, actual, then, mixed[origin][step]);
          calibration.learn(lead, actual, mixed[origin][step], quantiles[origin], step * 3);
        }
      }
      if (cell % 7 == 0) {
        continue;
      }
      said[cell] = members(random);
      series.forecast(said[cell], mixed[cell], quantiles[cell]);
      Mixer mixer = new Mixer(LEADS, 2);
      mixer.follow(weights);
      float[] expected = new float[5];
      mixer.mix(said[cell], expected);
      assertThat(mixed[cell]).containsExactly(expected);
      float[] expectedQuantiles = new float[15];
      calibration.quantiles(expected, expectedQuantiles);
      assertThat(quantiles[cell]).containsExactly(expectedQuantiles);
    }
  }

  private static float[][] members(Random random) {
    float[][] members = new float[2][5];
    for (float[] member : members) {
      for (int step = 0; step < 5; step++) {
        member[step] = (float) random.nextGaussian();
      }
    }
    return members;
  }

  @Test
  void shouldGoOnToTheBitWhereItWasWritten() {
    MixedSeries one = new MixedSeries(LEADS, 2, LEVELS);
    run(one, new Random(2), 0, 40);
    ByteBuffer bytes = ByteBuffer.allocate(one.bytes());
    one.write(bytes);
    assertThat(bytes.remaining()).isZero();
    MixedSeries other = new MixedSeries(LEADS, 2, LEVELS);
    other.read(bytes.flip(), 2);
    assertThat(run(other, new Random(3), 40, 60)).isDeepEqualTo(run(one, new Random(3), 40, 60));
  }

  private static float[][] run(MixedSeries series, Random random, int from, int until) {
    float[][] quantiles = new float[until - from][15];
    float[] mixed = new float[5];
    for (int cell = from; cell < until; cell++) {
      series.close(cell, random.nextGaussian());
      series.forecast(members(random), mixed, quantiles[cell - from]);
    }
    return quantiles;
  }

  /** Cells that never came are as cells without a value, in a short gap and in a long one. */
  @Test
  void shouldTakeCellsBetweenForMissing() {
    for (int gap : new int[] {2, 5, 100}) {
      MixedSeries jumped = new MixedSeries(LEADS, 2, LEVELS);
      MixedSeries told = new MixedSeries(LEADS, 2, LEVELS);
      run(jumped, new Random(4), 0, 30);
      run(told, new Random(4), 0, 30);
      for (int cell = 30; cell < 30 + gap; cell++) {
        told.close(cell, Double.NaN);
      }
      float[][] one = run(jumped, new Random(5), 30 + gap, 60 + gap);
      float[][] other = run(told, new Random(5), 30 + gap, 60 + gap);
      for (int i = 0; i < one.length; i++) {
        for (int q = 0; q < 15; q++) {
          assertThat(one[i][q]).as("gap %d", gap).isCloseTo(other[i][q], within(1e-5f));
        }
      }
    }
  }

  @Test
  void shouldGiveTheOthersTheWeightOfAMemberThatSaysNothing() {
    MixedSeries series = new MixedSeries(LEADS, 2, LEVELS);
    series.close(0, 1);
    float[] mixed = new float[5];
    float[] nothing = new float[5];
    Arrays.fill(nothing, Float.NaN);
    series.forecast(new float[][] {nothing, {1, 2, 3, 4, 5}}, mixed, new float[15]);
    assertThat(mixed).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void shouldRefuseACellThatIsNotNewer() {
    MixedSeries series = new MixedSeries(LEADS, 1, LEVELS);
    series.close(7, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> series.close(7, 1))
        .withMessage("must be greater than the last one, 7: cell=7");
  }
}
