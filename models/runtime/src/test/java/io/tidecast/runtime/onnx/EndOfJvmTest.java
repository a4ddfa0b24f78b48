package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // It has no signals.
class EndOfJvmTest {

  private static final int TERMINATED = 128 + 15;

  @TempDir private Path folder;

  @Test
  @Timeout(120)
  void shouldEndAsTheSignalSaysInTheMiddleOfRuns() throws Exception {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                HangingRun.class.getName())
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).as(errors()).isEqualTo(HangingRun.RUNNING);
      program.destroy();
      assertThat(program.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      program.destroyForcibly();
    }
    assertThat(program.exitValue()).as(errors()).isEqualTo(TERMINATED);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).isEqualTo(List.of("errors"));
    }
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }
}
