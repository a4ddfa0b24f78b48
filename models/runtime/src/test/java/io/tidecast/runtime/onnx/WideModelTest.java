package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WideModelTest {

  @Test
  void shouldSayThatWindowsDoNotFitIntoMemory() throws Exception {
    assertThat(open(4)).isEqualTo("opened");
    assertThat(open(300_000))
        .isEqualTo(
            "model must be tried with 128 windows at once, whose memory this process does not have: model=wide-identity/1, values of a window=600,000; give it more with -Xmx");
  }

  /** In a process of 64 MB. */
  private static String open(int cells) throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                WideModel.class.getName(),
                String.valueOf(cells))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      return out.readLine();
    } finally {
      program.destroyForcibly();
    }
  }
}
