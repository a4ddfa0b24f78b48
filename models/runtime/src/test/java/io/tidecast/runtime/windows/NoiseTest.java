package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NoiseTest {

  private static final int COUNT = 200_000;

  /** Whoever changes these numbers changes every forecast of a generative model. */
  @Test
  void shouldDrawWhatItHasAlwaysDrawn() {
    assertThat(draw("sundial", "3", "série-1", 1_700_000_000_000L, 6))
        .containsExactly(
            -0.07900581f, -0.8419208f, -0.60149354f, 1.2374294f, -0.34490296f, -0.33742166f);
    assertThat(draw("", "", "", 0, 3)).containsExactly(0.6843513f, -0.5386732f, -0.35382187f);
  }

  @Test
  void shouldBeStandardNormalWithinAWindow() {
    assertStandardNormal(draw("m", "1", "a", 0, COUNT));
  }

  @Test
  void shouldBeStandardNormalFromOriginToOrigin() {
    Noise noise = new Noise("m", "1");
    float[] one = new float[1];
    float[] firsts = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      noise.fill("a", i * 3_600_000L, one);
      firsts[i] = one[0];
    }
    assertStandardNormal(firsts);
  }

  @Test
  void shouldBeOtherForAnythingElse() {
    Set<Float> firsts = new HashSet<>();
    String[][] names = {
      {"a", "b", "c"},
      {"ab", "", "c"},
      {"", "ab", "c"},
      {"a", "", "bc"},
      {"a", "b", "d"},
      {"a", "b", "c\0"},
      {"a", "b", "eight789"},
      {"a", "b", "eight789\0"},
      {"a", "b", "日"}
    };
    for (String[] name : names) {
      firsts.add(draw(name[0], name[1], name[2], 7, 1)[0]);
      firsts.add(draw(name[0], name[1], name[2], -7, 1)[0]);
    }
    assertThat(firsts).hasSize(2 * names.length);
  }

  @Test
  void shouldBeginAlikeHoweverMuchIsDrawn() {
    float[] five = draw("m", "1", "a", 1, 5);

    assertThat(draw("m", "1", "a", 1, 8)).startsWith(five);
  }

  private static float[] draw(String id, String version, String series, long origin, int count) {
    float[] draws = new float[count];
    new Noise(id, version).fill(series, origin, draws);
    return draws;
  }

  /** Within about five standard errors. */
  private static void assertStandardNormal(float[] draws) {
    double[] moments = new double[5];
    double together = 0;
    for (int i = 0; i < draws.length; i++) {
      for (int power = 1; power < moments.length; power++) {
        moments[power] += Math.pow(draws[i], power) / draws.length;
      }
      together += i == 0 ? 0 : (double) draws[i] * draws[i - 1] / draws.length;
    }
    assertThat(moments[1]).as("mean").isCloseTo(0, within(0.012));
    assertThat(moments[2]).as("variance").isCloseTo(1, within(0.016));
    assertThat(moments[3]).as("skewness").isCloseTo(0, within(0.045));
    assertThat(moments[4]).as("kurtosis").isCloseTo(3, within(0.11));
    assertThat(together).as("of neighbours").isCloseTo(0, within(0.012));
  }
}
