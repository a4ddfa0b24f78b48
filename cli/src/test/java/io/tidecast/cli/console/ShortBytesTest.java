package io.tidecast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ShortBytesTest {

  private static String of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ShortBytes.of(bytes, bytes.length);
  }

  @Test
  void shouldShowTextInOneLine() {
    assertThat(of("{\"a\":\n  \"21 °C\"}\n")).isEqualTo("{\"a\": \"21 °C\"}");
    assertThat(of("")).isEmpty();
    assertThat(of("x".repeat(1_000))).isEqualTo("x".repeat(160) + "... (1,000 bytes)");
  }

  @Test
  void shouldShowTextThatWasCutWithinACharacter() {
    byte[] bytes = "21 °C".getBytes(StandardCharsets.UTF_8);

    assertThat(ShortBytes.of(Arrays.copyOf(bytes, 4), bytes.length)).isEqualTo("21... (6 bytes)");
  }

  @Test
  void shouldShowWhatIsNoTextAsHex() {
    assertThat(ShortBytes.of(new byte[] {0, 1, (byte) 0xC3}, 3)).isEqualTo("00 01 c3");
    assertThat(ShortBytes.of(new byte[100], 100)).endsWith("00 ... (100 bytes)");
    assertThat(of("\u001B[31m")).as("nothing steers the terminal").isEqualTo("1b 5b 33 31 6d");
  }

  @Test
  void shouldTellNoBytesFromThoseThatWereLeftBehind() {
    assertThat(ShortBytes.of(null, 0)).isEqualTo("(no value)");
    assertThat(ShortBytes.of(null, 1_234)).isEqualTo("(1,234 bytes)");
  }
}
