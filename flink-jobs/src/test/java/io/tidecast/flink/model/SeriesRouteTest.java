package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesRouteTest {

  @ParameterizedTest
  @CsvSource({
    "plant-*/heat, plant-7/heat, true",
    "plant-*/heat, plant-/heat, true",
    "plant-*/heat, plant-7/heat/2, false",
    "plant-*/heat, a plant-7/heat, false",
    "plant.7, plantx7, false",
    "*, '', true",
    "'', a, false",
    "a*b*a, abba, true",
    "a*b*a, aa, false",
    "*aab, aaaab, true",
    "**, x, true",
    "[a]?, [a]?, true",
  })
  void shouldMatchWholeNamesByStars(String pattern, String name, boolean matches) {
    assertThat(new SeriesRoute(pattern, null).matches(name, null)).isEqualTo(matches);
  }

  @Test
  void shouldMatchAsAnExpressionWould() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab*", 7);
      String name = text(random, "ab", 9);
      Pattern expression = Pattern.compile(pattern.replace("*", ".*"));
      assertThat(new SeriesRoute(pattern, null).matches(name, null))
          .as("%s, %s", pattern, name)
          .isEqualTo(expression.matcher(name).matches());
    }
  }

  private static String text(Random random, String letters, int most) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(most + 1); length > 0; length--) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    return text.toString();
  }

  @Test
  void shouldAskForBothTheNameAndTheGroup() {
    SeriesRoute both = new SeriesRoute("a*", "north-*");

    assertThat(both.matches("a1", "north-2")).isTrue();
    assertThat(both.matches("b1", "north-2")).isFalse();
    assertThat(both.matches("a1", "south")).isFalse();
    assertThat(both.matches("a1", null)).isFalse();
    assertThat(new SeriesRoute(null, "*").matches("a1", null)).isFalse();
    assertThat(SeriesRoute.ALL.matches("a1", null)).isTrue();
  }
}
