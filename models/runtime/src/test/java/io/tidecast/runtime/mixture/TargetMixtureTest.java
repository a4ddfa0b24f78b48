package io.tidecast.runtime.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.calibration.ModelResiduals;
import io.tidecast.runtime.manifest.Residuals;
import io.tidecast.runtime.mixture.TargetMixture.Said;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetMixtureTest {

  private static final double[] LEVELS = {.1, .5, .9};

  private static MixturePlan plan(int olderOrigins) {
    return new MixturePlan(1, List.of(Naive.season("s", 4), Naive.last("l")), LEVELS, olderOrigins);
  }

  private static Said said(int horizon, float model) {
    float[][] points = new float[3][horizon];
    Arrays.fill(points[0], model);
    return new Said(
        points, new float[horizon], new float[horizon], new float[horizon * 3], new double[3]);
  }

  /** Nine values have eight changes, and of fewer no quantile is taken. */
  @Test
  void shouldHaveQuantilesOnceAFewCellsAreKnown() {
    TargetMixture mixture = plan(0).begin();
    double[] values = {0, 1, -1, 2, 0, 3, 1, 0, 2};
    for (int cell = 0; cell < 8; cell++) {
      mixture.close(cell, values[cell]);
      assertThat(mixture.forecast(cell, 0, said(4, 1))).isFalse();
    }
    mixture.close(8, values[8]);
    Said said = said(4, 1);
    assertThat(mixture.forecast(8, 0, said)).isTrue();
    // The changes are -2, -2, -2, -1, 1, 2, 3 and 3: their tenths are -2 and 3.
    double point = said.mixed()[0];
    assertThat(said.quantiles()[0]).isCloseTo((float) point - 2, within(1e-5f));
    assertThat(said.quantiles()[2]).isCloseTo((float) point + 3, within(1e-5f));
  }

  /**
   * The weekly naive would have been right, so the mixture is as sure as that from the first on.
   */
  @Test
  void shouldBeginWithTheErrorsOfTheBestNaive() {
    TargetMixture sure = plan(0).begin();
    TargetMixture unsure = new MixturePlan(1, List.of(), LEVELS, 0).begin();
    Random random = new Random(2);
    for (int cell = 0; cell < 60; cell++) {
      double value = 100 * (cell % 4) + random.nextGaussian();
      sure.close(cell, value);
      unsure.close(cell, value);
    }
    Said said = said(4, 100);
    assertThat(sure.forecast(59, 0, said)).isTrue();
    assertThat(said.quantiles()[2] - said.quantiles()[0]).isBetween(1f, 8f);
    Said alone =
        new Said(
            new float[][] {{1, 1, 1, 1}}, new float[4], new float[4], new float[12], new double[1]);
    assertThat(unsure.forecast(59, 0, alone)).isTrue();
    assertThat(alone.quantiles()[2] - alone.quantiles()[0]).isGreaterThan(100f);
  }

  /** Of two leads the second has four times the unit of the first, and errors of .5 of the unit. */
  private static ModelResiduals manifest(@Nullable Double unit) {
    Residuals.Target target =
        new Residuals.Target(
            List.of(1.0, 4.0),
            List.of(.25, .5),
            List.of(List.of(-.5, 0.0, .5), List.of(-1.0, 0.0, 1.0)),
            unit);
    Residuals residuals =
        new Residuals(
            "days.csv", 9, List.of(), List.of(1, 16), List.of(.1, .5, .9), List.of(target));
    return ModelResiduals.of(List.of(residuals), 0, Duration.ofHours(1), List.of());
  }

  /** Own cells where they tell enough, and at other leads what the manifest says. */
  @Test
  void shouldBeginWithTheErrorsOfTheManifestWhereItsCellsAreTooFew() {
    TargetMixture young = plan(0).begin();
    TargetMixture naive = plan(0).begin();
    TargetMixture old = plan(0).begin();
    TargetMixture oldNaive = plan(0).begin();
    double[] values = new Random(5).doubles(80, -20, 20).toArray();
    for (int cell = 0; cell < values.length; cell++) {
      old.close(cell, values[cell]);
      oldNaive.close(cell, values[cell]);
      if (cell >= 60) {
        young.close(cell, values[cell]);
        naive.close(cell, values[cell]);
      }
    }
    Said begun = said(16, 1);
    Said asNaive = said(16, 1);
    assertThat(young.forecast(79, 0, begun, manifest(null))).isTrue();
    naive.forecast(79, 0, asNaive);
    // 20 cells tell of 16 errors at leads 1 to 4.
    assertThat(Arrays.copyOf(begun.quantiles(), 4 * 3))
        .isEqualTo(Arrays.copyOf(asNaive.quantiles(), 4 * 3));
    double unit = 0;
    for (int cell = 64; cell < values.length; cell++) {
      unit += Math.abs(values[cell] - values[cell - 4]) / 16;
    }
    // The unit at lead 4, the last of which the cells tell, and from there the growth of the
    // manifest, from 1.6 to 4. There errors of .9 are 1.
    double last = begun.quantiles()[15 * 3 + 2] - begun.mixed()[15];
    assertThat(last).isCloseTo(unit * 4 / 1.6, within(1e-3));

    Said ofTheOld = said(4, 1);
    Said ofTheOldNaive = said(4, 1);
    old.forecast(79, 0, ofTheOld, manifest(null));
    oldNaive.forecast(79, 0, ofTheOldNaive);
    assertThat(ofTheOld.quantiles()).isEqualTo(ofTheOldNaive.quantiles());
  }

  /** A model of series of one size knows it without any of their cells. */
  @Test
  void shouldBeginWithTheUnitOfTheManifestWhereThereAreNoCells() {
    TargetMixture unknown = plan(0).begin();
    unknown.close(0, 5);
    assertThat(unknown.forecast(0, 0, said(16, 1), manifest(null))).isFalse();
    TargetMixture known = plan(0).begin();
    known.close(0, 5);
    Said said = said(16, 1);
    assertThat(known.forecast(0, 0, said, manifest(8.0))).isTrue();
    assertThat(said.quantiles()[2] - said.mixed()[0]).isCloseTo(4, within(1e-5f));
    assertThat(said.quantiles()[47] - said.mixed()[15]).isCloseTo(32, within(1e-4f));
    // What has begun does not begin again with another version of the model.
    known.close(1, 5);
    Said next = said(16, 1);
    known.forecast(1, 0, next, manifest(800.0));
    assertThat(next.quantiles()[47] - next.mixed()[15]).isCloseTo(32, within(1f));
  }

  @Test
  void shouldTakeThePointsOfAConstantSeriesForItsQuantiles() {
    TargetMixture mixture = plan(0).begin();
    for (int cell = 0; cell < 20; cell++) {
      mixture.close(cell, 5);
    }
    Said said = said(2, 5);
    assertThat(mixture.forecast(19, 0, said)).isTrue();
    assertThat(said.quantiles()).containsOnly(5);
  }

  @Test
  void shouldLetTheOthersShareTheWeightOfWhoSaysNothing() {
    TargetMixture mixture = plan(0).begin();
    mixture.close(0, 8);
    Said said = said(2, Float.NaN);
    mixture.forecast(0, 0, said);
    assertThat(said.mixed()).containsOnly(8);
    assertThat(said.shares()).containsExactly(0, 0, 1);
    TargetMixture silent = plan(0).begin();
    silent.close(0, Double.NaN);
    Said nobody = said(2, Float.NaN);
    Arrays.fill(nobody.otherwise(), 3);
    silent.forecast(0, 0, nobody);
    assertThat(nobody.mixed()).containsOnly(3);
    assertThat(nobody.shares()).containsOnly(0);
  }

  /** One from an older origin takes the place of what was said of cells that are still open. */
  @Test
  void shouldForecastAgainFromAnOlderOrigin() {
    TargetMixture again = plan(3).begin();
    TargetMixture once = plan(3).begin();
    double[] values = new Random(6).doubles(33, 1, 3).toArray();
    for (TargetMixture one : List.of(again, once)) {
      for (int cell = 0; cell < 30; cell++) {
        one.close(cell, values[cell]);
        one.forecast(cell, 0, said(4, 2));
      }
    }
    again.forecast(28, 0, said(4, 90));
    Said of29 = said(4, 2);
    again.forecast(29, 0, of29);
    once.forecast(29, 0, said(4, 2));
    // Its cells at leads 2 and 4 were open: 30 and 32. The model was far off there.
    for (int cell = 30; cell < 33; cell++) {
      again.close(cell, values[cell]);
      once.close(cell, values[cell]);
    }
    assertThat(once.weights()[0]).isGreaterThan(.4);
    assertThat(again.weights()[0]).isLessThan(once.weights()[0] - .05);
  }

  /** As where a job goes on with another plan: the cells that it has had are not told again. */
  @Test
  void shouldTakeForCorrectionsTheCellsThroughItsFirstOrigin() {
    TargetMixture mixture = plan(0).begin();
    mixture.forecast(10, 0, said(4, 2));
    assertThat(mixture.close(9, 5)).isTrue();
    assertThat(mixture.close(10, 6)).isTrue();
    Said next = said(4, 2);
    mixture.forecast(10, 0, next);
    assertThat(next.points()[2]).as("the last value").containsOnly(6);
    assertThat(mixture.weights()).as("nothing is learned").containsOnly(1 / 3.0);
    mixture.close(11, 6);
    assertThat(mixture.weights()[2]).isGreaterThan(mixture.weights()[0]);
  }

  @Test
  void shouldGoOnFromItsBytes() {
    Random random = new Random(4);
    TargetMixture whole = plan(2).begin();
    TargetMixture restored = plan(2).begin();
    for (int cell = 0; cell < 200; cell++) {
      double value = cell % 11 == 3 ? Double.NaN : 1e8 + cell % 4 + random.nextGaussian();
      float model = random.nextFloat();
      double base = cell < 120 ? 1e8 : 1e8 + 7;
      Said expected = said(4, model);
      Said actual = said(4, model);
      whole.close(cell, value);
      restored.close(cell, value);
      boolean known = whole.forecast(cell, base, expected);
      assertThat(restored.forecast(cell, base, actual)).isEqualTo(known);
      assertThat(actual.mixed()).isEqualTo(expected.mixed());
      assertThat(actual.quantiles()).isEqualTo(expected.quantiles());
      if (cell % 13 == 5) {
        ByteBuffer bytes = ByteBuffer.allocate(restored.bytes());
        restored.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
        restored = plan(2).begin();
        restored.read(bytes.flip(), 2);
        assertThat(bytes.hasRemaining()).isFalse();
      }
    }
  }

  /** What is told from another base is the same. */
  @Test
  void shouldLearnTheSameWhateverTheBase() {
    TargetMixture plain = plan(0).begin();
    TargetMixture based = plan(0).begin();
    for (int cell = 0; cell < 100; cell++) {
      double value = cell % 4 + cell % 7 / 8.0;
      double base = cell / 10;
      plain.close(cell, value);
      based.close(cell, value);
      Said ofPlain = said(4, 2);
      plain.forecast(cell, 0, ofPlain);
      Said ofBased = said(4, (float) (2 - base));
      based.forecast(cell, base, ofBased);
      for (int step = 0; step < 4; step++) {
        assertThat(ofBased.mixed()[step] + base).isCloseTo(ofPlain.mixed()[step], within(1e-4));
      }
    }
    assertThat(based.weights()[1]).isCloseTo(plain.weights()[1], within(1e-4));
  }

  @Test
  void shouldBeginAnewWithAnotherHorizon() {
    TargetMixture mixture = plan(0).begin();
    for (int cell = 0; cell < 100; cell++) {
      mixture.close(cell, cell % 4);
      mixture.forecast(cell, 0, said(4, 50));
    }
    assertThat(mixture.weights()[0]).isLessThan(.01);
    mixture.forecast(99, 0, said(8, 50));
    assertThat(mixture.weights()[0]).isCloseTo(1 / 3.0, within(1e-9));
  }
}
