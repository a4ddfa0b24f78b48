package io.tidecast.runtime.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FiniteTest {

  private static final float[] EXTREMES = {
    0, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE, 1e9f
  };

  private static final float[] OTHERS = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0xffc12345)
  };

  @Test
  void shouldFindAnyOtherValueAtAnyPlaceOfAnyLength() {
    for (int length = 1; length <= 40; length++) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        values[i] = EXTREMES[i % EXTREMES.length];
      }
      assertThat(Finite.all(values)).isTrue();
      for (int at = 0; at < length; at++) {
        for (float other : OTHERS) {
          float[] spoilt = values.clone();
          spoilt[at] = other;
          assertThat(Finite.all(spoilt)).as("%s at %d of %d", other, at, length).isFalse();
        }
      }
    }
  }

  @Test
  void shouldNotLookBeforeTheFirstPlace() {
    float[] values = new float[20];
    Arrays.fill(values, 0, 7, Float.NaN);

    assertThat(Finite.all(values, 6)).isFalse();
    assertThat(Finite.all(values, 7)).isTrue();
    assertThat(Finite.all(values, 20)).isTrue();
    assertThat(Finite.all(new float[0])).isTrue();
  }
}
