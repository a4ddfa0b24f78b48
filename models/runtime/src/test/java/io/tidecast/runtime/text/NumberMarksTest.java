package io.tidecast.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberMarksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "POINT|NONE|12.5|12.5",
        "POINT|NONE| 12.5\u00A0|12.5",
        "POINT|NONE|\u22125|-5",
        "POINT|NONE|+7|+7",
        "POINT|NONE|1.5E-2|1.5E-2",
        "POINT|COMMA|1,234,567.5|1234567.5",
        "POINT|COMMA|-1,234|-1234",
        "POINT|COMMA|1234.5|1234.5",
        "POINT|APOSTROPHE|1'234.5|1234.5",
        "POINT|APOSTROPHE|1\u2019234|1234",
        "COMMA|NONE|12,5|12.5",
        "COMMA|NONE|1,5e3|1.5e3",
        "COMMA|POINT|1.200,5|1200.5",
        "COMMA|POINT|-1.200|-1200",
        "COMMA|SPACE|1 234,5|1234.5",
        "COMMA|SPACE|1\u00A0234,5|1234.5",
        "COMMA|SPACE|12\u202F345|12345",
        "COMMA|SPACE|,5|.5"
      })
  void shouldReadNumbersAsTheyAreWritten(
      DecimalMark decimal, Thousands thousands, String text, String plain) {
    assertThat(new NumberMarks(decimal, thousands).plain(text)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POINT|NONE|12,5",
        "POINT|NONE|1,234.5",
        "POINT|NONE|12.5 kWh",
        "POINT|NONE|1_000",
        "POINT|NONE|1 234",
        "POINT|COMMA|1,23",
        "POINT|COMMA|1234,567",
        "POINT|COMMA|,123",
        "POINT|COMMA|1,,234",
        "POINT|COMMA|0.123,456",
        "COMMA|NONE|1.234",
        "COMMA|NONE|1,2,3",
        "COMMA|POINT|1.23",
        "COMMA|POINT|1,5.5",
        "COMMA|POINT|12.5",
        "COMMA|POINT|-",
        "COMMA|POINT|1.234,5 %"
      })
  void shouldReadNothingElse(DecimalMark decimal, Thousands thousands, String text) {
    assertThat(new NumberMarks(decimal, thousands).plain(text)).isNull();
  }

  @Test
  void shouldGiveNoMarkTwoMeanings() {
    assertThatThrownBy(() -> new NumberMarks(DecimalMark.COMMA, Thousands.COMMA))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldKnowWhatStandsForAMissingValue() {
    MissingWords usual = MissingWords.usual();
    for (String word :
        List.of("", " ", "NaN", "nan", "N/A", "None", "null", "?", "--", "UNKNOWN")) {
      assertThat(usual.contains(word)).as(word).isTrue();
    }
    for (String word : List.of("0", "ON", "error", "Infinity", "+Inf", "-Inf", "12.5 kWh")) {
      assertThat(usual.contains(word)).as(word).isFalse();
    }
    assertThat(usual.contains(Double.NaN)).isTrue();
    assertThat(usual.contains(Double.POSITIVE_INFINITY)).isFalse();
    assertThat(usual.contains(0)).isFalse();

    MissingWords own = new MissingWords(List.of("-9999", "Infinity"));
    assertThat(own.contains("-9999.0")).as("another spelling, as text").isFalse();
    assertThat(own.contains(-9999.0)).isTrue();
    assertThat(own.contains(Double.POSITIVE_INFINITY)).isTrue();
    assertThat(own.contains(Double.NEGATIVE_INFINITY)).isFalse();
    assertThat(own.contains("NaN")).isFalse();
  }

  @Test
  void shouldKnowAMissingNumberByWhatItIsInFewerBits() {
    MissingWords own = new MissingWords(List.of("-999.9", "0", "Infinity"));
    assertThat(own.contains(-999.9)).isTrue();
    assertThat(own.contains(-999.9f)).isTrue();
    assertThat(own.contains((double) -999.9f)).as("another double").isFalse();
    assertThat(own.contains(Math.nextUp(-999.9f))).as("another float").isFalse();
    assertThat(own.contains(-0.0f)).isTrue();
    assertThat(own.contains(Float.POSITIVE_INFINITY)).isTrue();
    assertThat(own.contains(Float.NEGATIVE_INFINITY)).isFalse();
    assertThat(own.contains(Float.NaN)).isFalse();
    assertThat(MissingWords.usual().contains(Float.NaN)).isTrue();
  }
}
