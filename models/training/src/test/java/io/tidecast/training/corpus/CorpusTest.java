package io.tidecast.training.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.evaluation.data.DataException;
import io.tidecast.evaluation.data.Split;
import io.tidecast.evaluation.data.TimeSeries;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorpusTest {
  private static final int LENGTH = 32;
  private static final int DRAWS = 4000;
  private static final CorpusSettings PLAIN = new CorpusSettings(0, 0, 2, 0, 0, 2, 0);
  private static final CorpusSettings EVERYTHING = new CorpusSettings(0, 0.5, 4, 0, 0.5, 3, 0);

  @Test
  void shouldDrawSetsByTheirWeightAndNotTheirSize() {
    CorpusSet small = set("small", 3, series(100, t -> t));
    CorpusSet large = set("large", 1, series(9000, t -> -1 - t), series(9000, t -> -1 - t));
    assertThat(share(new Corpus(PLAIN, List.of(small, large)), w -> w[0] >= 0))
        .isCloseTo(0.75, within(0.03));
  }

  @Test
  void shouldDrawAsManySyntheticSeriesAsAsked() {
    CorpusSettings settings = new CorpusSettings(0.4, 0, 2, 0, 0, 2, 0);
    Corpus corpus = new Corpus(settings, List.of(set("ramp", 1, series(500, t -> t))));
    assertThat(share(corpus, w -> slope(w) == 1)).isCloseTo(0.6, within(0.03));
  }

  /** Training rises, validation falls, test does neither: mixed or coarsened it stays visible. */
  @Test
  void shouldKeepTheRowsOfTheSplitApart() {
    int rows = 600;
    double[] values = new double[rows * 2];
    for (int row = 0; row < rows; row++) {
      double value = row < 300 ? row : row < 500 ? 1000 - row : row % 2;
      values[2 * row] = value;
      values[2 * row + 1] = value * value;
    }
    TimeSeries series = new TimeSeries(List.of("a", "b"), 0, Duration.ofHours(1), values);
    CorpusSet set = CorpusSet.of("set", 1, series, new Split(300, 200, 100));
    assertThat(set.training()).extracting(s -> s.values().length).containsExactly(300, 300);
    assertThat(set.validation().get(1).values()[0]).isEqualTo(700f * 700f);
    Corpus corpus = new Corpus(EVERYTHING, List.of(set));
    assertThat(share(corpus, w -> isRising(w, 1))).isEqualTo(1);
    assertThat(corpus.validation(500, LENGTH, 3)).allMatch(window -> isRising(window, -1));
  }

  @Test
  void shouldReachTheFirstAndTheLastTrainingRow() {
    Corpus corpus = new Corpus(PLAIN, List.of(set("ramp", 1, series(40, t -> t))));
    assertThat(share(corpus, w -> w[0] == 0)).isCloseTo(1.0 / 9, within(0.03));
    assertThat(share(corpus, w -> w[LENGTH - 1] == 39)).isCloseTo(1.0 / 9, within(0.03));
  }

  @Test
  void shouldValidateOnTheSameWindowsEveryTimeAndOnOtherSyntheticOnes() {
    Corpus corpus = new Corpus(new CorpusSettings(1, 0, 2, 0, 0, 2, 0), List.of());
    List<float[]> windows = corpus.validation(20, LENGTH, 5);
    assertThat(corpus.validation(20, LENGTH, 5)).containsExactlyElementsOf(windows);
    assertThat(corpus.validation(20, LENGTH, 6).get(0)).isNotEqualTo(windows.get(0));
    float[] trained = new float[LENGTH];
    corpus.sample(new SplittableRandom(5), LENGTH, trained);
    assertThat(trained).isNotEqualTo(windows.get(0));
  }

  @Test
  void shouldLeaveSetsWithoutValidationOutOfIt() {
    CorpusSet without = new CorpusSet("without", 5, List.of(series(100, t -> t)), List.of());
    CorpusSet with =
        new CorpusSet("with", 1, List.of(series(100, t -> t)), List.of(series(100, t -> -t)));
    assertThat(new Corpus(PLAIN, List.of(without, with)).validation(100, LENGTH, 1))
        .allMatch(window -> slope(window) == -1);
    assertThatThrownBy(() -> new Corpus(PLAIN, List.of(without)).validation(1, LENGTH, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("at least must have a validation part, none of 1 has");
  }

  @Test
  void shouldCoarsenByMeans() {
    CorpusSettings settings = new CorpusSettings(0, 0.6, 3, 0, 0, 2, 0);
    Corpus corpus = new Corpus(settings, List.of(set("ramp", 1, series(500, t -> t))));
    assertThat(share(corpus, w -> slope(w) == 1)).isCloseTo(0.4, within(0.03));
    assertThat(share(corpus, w -> slope(w) == 2 && w[0] % 1 == 0.5)).isCloseTo(0.3, within(0.03));
    assertThat(share(corpus, w -> slope(w) == 3 && w[0] % 1 == 0)).isCloseTo(0.3, within(0.03));
    Corpus tooShort = new Corpus(settings, List.of(set("ramp", 1, series(63, t -> t))));
    assertThat(share(tooShort, w -> slope(w) == 1)).isEqualTo(1);
  }

  @Test
  void shouldMixStandardisedWindows() {
    CorpusSettings settings = new CorpusSettings(0, 0, 2, 0, 0.3, 2, 0);
    CorpusSet large = set("large", 1, series(200, t -> 1e6 + 1e3 * t));
    CorpusSet small = set("small", 1, series(200, t -> 5 + t % 2));
    Corpus corpus = new Corpus(settings, List.of(large, small));
    assertThat(share(corpus, w -> Math.abs(mean(w)) < 1e-3)).isCloseTo(0.3, within(0.03));
    // Half of the mixed ones are of both sets: neither drowns the other, whatever its scale was.
    assertThat(share(corpus, w -> rises(w) && alternates(w))).isCloseTo(0.15, within(0.03));
  }

  @Test
  void shouldTurnSomeUpsideDown() {
    CorpusSettings settings = new CorpusSettings(0, 0, 2, 0, 0, 2, 0.25);
    Corpus corpus = new Corpus(settings, List.of(set("ramp", 1, series(500, t -> t))));
    assertThat(share(corpus, w -> slope(w) == -1)).isCloseTo(0.25, within(0.03));
  }

  @Test
  void shouldBringSomeToHalfTheStep() {
    CorpusSettings settings = new CorpusSettings(0, 0, 2, 0.4, 0, 2, 0);
    Corpus corpus = new Corpus(settings, List.of(set("ramp", 1, series(500, t -> t))));
    assertThat(share(corpus, w -> slope(w) == 0.5)).isCloseTo(0.4, within(0.03));
    assertThat(share(corpus, w -> slope(w) == 1)).isCloseTo(0.6, within(0.03));
  }

  @Test
  void shouldCutAroundHolesAndFlatParts() {
    CorpusSeries holes = series(300, t -> t == 100 ? Double.NaN : t < 200 ? t : 200);
    CorpusSettings coarsening = new CorpusSettings(0, 0.5, 3, 0, 0, 2, 0);
    Corpus corpus = new Corpus(coarsening, List.of(set("holes", 1, holes)));
    assertThat(share(corpus, w -> Float.isFinite(mean(w)) && w[LENGTH / 2 - 1] < 200)).isEqualTo(1);
  }

  @Test
  void shouldNameTheSetThatHasNoUsableWindow() {
    float[] window = new float[LENGTH];
    SplittableRandom random = new SplittableRandom(1);
    Corpus flat = new Corpus(PLAIN, List.of(set("flat", 1, series(100, t -> 3))));
    assertThatThrownBy(() -> flat.sample(random, LENGTH, window))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("training part of flat")
        .hasMessageContaining("complete and not constant");
    Corpus brief = new Corpus(PLAIN, List.of(set("brief", 1, series(31, t -> t))));
    assertThatThrownBy(() -> brief.sample(random, LENGTH, window))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "training part of brief must have a series of at least 32 rows, its longest has 31");
  }

  @Test
  void shouldPassOverSeriesThatAreTooShort() {
    CorpusSet mixed = set("mixed", 1, series(31, t -> -t), series(50, t -> t), series(9, t -> -t));
    assertThat(share(new Corpus(PLAIN, List.of(mixed)), w -> slope(w) == 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 0, 2, 0, 0, 2, 0, synthetic share",
    "0, -0.1, 2, 0, 0, 2, 0, coarsening share",
    "0, 0, 1, 0, 0, 2, 0, greatest factor",
    "0, 0, 2, 3, 0, 2, 0, refining share",
    "0, 0, 2, 0, NaN, 2, 0, mixing share",
    "0, 0, 2, 0, 0, 1, 0, most mixed",
    "0, 0, 2, 0, 0, 2, 2, flipping share"
  })
  void shouldRefuseSettingsOutOfRange(
      double synthetic,
      double coarsening,
      int factor,
      double refining,
      double mixing,
      int mixed,
      double flipping,
      String named) {
    assertThatThrownBy(
            () ->
                new CorpusSettings(
                    synthetic, coarsening, factor, refining, mixing, mixed, flipping))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(named + " must be");
  }

  @Test
  void shouldRefuseSetsThatCannotBeDrawnFrom() {
    assertThatThrownBy(() -> new Corpus(PLAIN, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("synthetic share must be 1 without data sets");
    assertThatThrownBy(() -> set("light", 0, series(99, t -> t)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("light")
        .hasMessageContaining("weight=0");
    assertThatThrownBy(() -> set("none", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none must have a series");
  }

  private interface Condition {
    boolean holds(float[] window);
  }

  private static double share(Corpus corpus, Condition condition) {
    SplittableRandom random = new SplittableRandom(11);
    float[] window = new float[LENGTH];
    int holding = 0;
    for (int i = 0; i < DRAWS; i++) {
      corpus.sample(random, LENGTH, window);
      holding += condition.holds(window) ? 1 : 0;
    }
    return (double) holding / DRAWS;
  }

  private static CorpusSet set(String name, double weight, CorpusSeries... series) {
    return new CorpusSet(name, weight, List.of(series), List.of());
  }

  private static CorpusSeries series(int rows, IntToDoubleFunction value) {
    float[] values = new float[rows];
    for (int t = 0; t < rows; t++) {
      values[t] = (float) value.applyAsDouble(t);
    }
    return new CorpusSeries("series", values);
  }

  /** Of a straight line; NaN of anything else. */
  private static float slope(float[] window) {
    float slope = window[1] - window[0];
    for (int t = 1; t < LENGTH; t++) {
      if (window[t] - window[t - 1] != slope) {
        return Float.NaN;
      }
    }
    return slope;
  }

  private static boolean isRising(float[] window, int sign) {
    for (int t = 1; t < LENGTH; t++) {
      if (sign * (window[t] - window[t - 1]) <= 0) {
        return false;
      }
    }
    return true;
  }

  private static float mean(float[] window) {
    float sum = 0;
    for (float value : window) {
      sum += value;
    }
    return sum / LENGTH;
  }

  private static boolean rises(float[] window) {
    return window[2] - window[0] > 1e-3;
  }

  private static boolean alternates(float[] window) {
    return Math.abs(window[2] - 2 * window[1] + window[0]) > 1e-3;
  }
}
