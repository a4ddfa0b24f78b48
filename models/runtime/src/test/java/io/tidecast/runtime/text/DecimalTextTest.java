package io.tidecast.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @ParameterizedTest
  @CsvSource({"12,12", "-12.5,-12.5", "+.5,0.5", "7.,7", "1.2e-3,0.0012", "4E2,400", "-0,-0.0"})
  void shouldReadDecimals(String text, double value) {
    assertThat(DecimalText.parse(text)).hasValue(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "101.8d",
        "1f",
        "1L",
        "0x1p3",
        "NaN",
        "Infinity",
        "1_000",
        "1,5",
        " 1",
        "1 ",
        "e5",
        ".",
        "+",
        "--1",
        "1e",
        "1e5.5",
        "\u0661"
      })
  void shouldRefuseWhatIsNone(String text) {
    assertThat(DecimalText.parse(text)).isEmpty();
    assertThat(DecimalText.isDecimal(text)).isFalse();
  }

  @Test
  void shouldRefuseWhatADoubleCannotHold() {
    assertThat(DecimalText.isDecimal("1e400")).isTrue();
    assertThat(DecimalText.parse("-1e400")).isEmpty();
    assertThat(DecimalText.parse("1".repeat(101))).isEmpty();
  }
}
