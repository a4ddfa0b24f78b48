package io.tidecast.training.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticSeriesTest {
  private static final int LENGTH = 1024;

  /** A change of the prior changes it; what was trained before is then not to be trained again. */
  @Test
  void shouldDrawTheBitsThatItAlwaysDrew() {
    CRC32C checksum = new CRC32C();
    for (int seed = 0; seed < 300; seed++) {
      ByteBuffer bytes = ByteBuffer.allocate(200 * Float.BYTES);
      bytes.asFloatBuffer().put(SyntheticSeries.generate(seed, 200));
      checksum.update(bytes);
    }
    assertThat(Long.toHexString(checksum.getValue())).isEqualTo("c94d4ec7");
  }

  @Test
  void shouldDependOnNothingButSeedAndLength() {
    float[] first = SyntheticSeries.generate(7, LENGTH);
    assertThat(SyntheticSeries.generate(8, LENGTH)).isNotEqualTo(first);
    assertThat(SyntheticSeries.generate(7, LENGTH)).isEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeFiniteAndNowhereConstantForLong(Archetype archetype) {
    for (int length : new int[] {SyntheticSeries.SHORTEST, 101, LENGTH}) {
      for (int seed = 0; seed < 30; seed++) {
        float[] series = SyntheticSeries.generate(archetype, seed, length);
        assertThat(series).hasSize(length);
        int run = 0;
        for (int t = 0; t < length; t++) {
          assertThat(Float.isFinite(series[t])).isTrue();
          run = t > 0 && series[t] == series[t - 1] ? run + 1 : 1;
          assertThat(run).isLessThanOrEqualTo(length / 2);
        }
      }
    }
  }

  @Test
  void shouldRefuseALengthThatANightOutlasts() {
    assertThatThrownBy(() -> SyntheticSeries.generate(1, 15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length of a synthetic series must be at least 16: length=15");
  }

  @Test
  void shouldDrawSeasonalAndIntermittentSeriesAsOftenAsThePriorSays() {
    int seasonal = 0;
    int intermittent = 0;
    int wandering = 0;
    int count = 1000;
    for (int seed = 0; seed < count; seed++) {
      float[] series = SyntheticSeries.generate(seed, LENGTH);
      seasonal += strongestSeason(series) > 0.3 ? 1 : 0;
      intermittent += zeros(series) > 0.5 && strongestSeason(series) < 0.1 ? 1 : 0;
      wandering += autocorrelation(series, 1) > 0.97 && strongestSeason(series) < 0.1 ? 1 : 0;
    }
    assertThat((double) seasonal / count).isBetween(0.5, 0.7);
    assertThat((double) intermittent / count).isBetween(0.02, 0.07);
    assertThat((double) wandering / count).isBetween(0.07, 0.2);
  }

  @Test
  void shouldKeepTheSunAwayAtNight() {
    for (int seed = 0; seed < 50; seed++) {
      float[] series = SyntheticSeries.generate(Archetype.SOLAR, seed, LENGTH);
      assertThat(zeros(series)).isBetween(0.2, 0.9);
      assertThat(least(series)).isZero();
      assertThat(strongestSeason(series)).isGreaterThan(0.3);
    }
  }

  @Test
  void shouldBeMostlyZeroWhereDemandIsRare() {
    for (int seed = 0; seed < 50; seed++) {
      float[] series = SyntheticSeries.generate(Archetype.INTERMITTENT, seed, LENGTH);
      assertThat(zeros(series)).isBetween(0.4, 1 - 1.0 / LENGTH);
      assertThat(least(series)).isZero();
    }
  }

  @Test
  void shouldHaveWeeksAndNotOnlyDaysInLoads() {
    double dayAndWeek = 0;
    double dayOnly = 0;
    for (int seed = 0; seed < 200; seed++) {
      double[] values = Activity.draw(new Draws(new SplittableRandom(seed)), Cadence.HOUR, LENGTH);
      float[] series = new float[LENGTH];
      for (int t = 0; t < LENGTH; t++) {
        series[t] = (float) values[t];
      }
      dayAndWeek += autocorrelation(series, 168);
      dayOnly += autocorrelation(series, 4 * 24);
    }
    assertThat(dayAndWeek / 200).isGreaterThan(0.5);
    assertThat(dayAndWeek).isGreaterThan(1.15 * dayOnly);
  }

  @Test
  void shouldLeaveNothingToKnowOfARandomWalkButItsLastValue() {
    assertThat(mean(Archetype.RANDOM_WALK, s -> autocorrelation(s, 1))).isGreaterThan(0.95);
    assertThat(mean(Archetype.RANDOM_WALK, s -> Math.abs(autocorrelation(changes(s), 1))))
        .isLessThan(0.12);
  }

  private static double mean(Archetype archetype, ToDoubleFunction<float[]> statistic) {
    double sum = 0;
    for (int seed = 0; seed < 100; seed++) {
      sum += statistic.applyAsDouble(SyntheticSeries.generate(archetype, seed, LENGTH));
    }
    return sum / 100;
  }

  /** How much more alike values are a natural period apart than half of one. */
  private static double strongestSeason(float[] series) {
    double strongest = 0;
    for (int period : new int[] {7, 12, 24, 48, 52, 96, 144, 168, 288, 336}) {
      double rise = autocorrelation(series, period) - autocorrelation(series, period / 2);
      strongest = Math.max(strongest, rise);
    }
    return strongest;
  }

  private static double autocorrelation(float[] series, int lag) {
    double mean = 0;
    for (float value : series) {
      mean += value / series.length;
    }
    double products = 0;
    double squares = 0;
    for (int t = 0; t < series.length; t++) {
      squares += (series[t] - mean) * (series[t] - mean);
      if (t >= lag) {
        products += (series[t] - mean) * (series[t - lag] - mean);
      }
    }
    return products / squares;
  }

  private static float[] changes(float[] series) {
    float[] changes = new float[series.length - 1];
    for (int t = 0; t < changes.length; t++) {
      changes[t] = series[t + 1] - series[t];
    }
    return changes;
  }

  private static double zeros(float[] series) {
    int zeros = 0;
    for (float value : series) {
      zeros += value == 0 ? 1 : 0;
    }
    return (double) zeros / series.length;
  }

  private static float least(float[] series) {
    float least = Float.POSITIVE_INFINITY;
    for (float value : series) {
      least = Math.min(least, value);
    }
    return least;
  }
}
