package io.tidecast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TidecastCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldExplainItself() {
    assertThat(execute("--help")).isZero();
    assertThat(out.toString()).contains("quickstart", "run", "model", "Exit codes");
  }

  @Test
  void shouldSayItsVersion() {
    assertThat(execute("--version")).isZero();
    assertThat(out.toString()).startsWith("tidecast ").contains("Java 1");
  }

  @Test
  void shouldAskForACommand() {
    assertThat(execute()).isEqualTo(2);
    assertThat(err.toString()).contains("a command is needed", "Usage: tidecast");
  }

  @Test
  void shouldAskForACommandOfModelsToo() {
    assertThat(execute("model")).isEqualTo(2);
    assertThat(err.toString()).contains("a command is needed", "import", "inspect");
  }

  @ParameterizedTest
  @CsvSource({
    "--speed 0, --speed must be positive",
    "--speed NaN, NaN' is not a number",
    "--speed fast, --speed",
    "--port 65536, --port must be between 0 and 65535",
    "--parallelism 0, --parallelism must be 1 to 64",
    "--forecasts /, --forecasts must be a file",
    "--spede 5, --spede",
  })
  void shouldRefuseAWrongOption(String options, String complaint) {
    String[] words = ("quickstart " + options).split(" ", -1);

    assertThat(execute(words)).isEqualTo(2);
    assertThat(err.toString()).contains(complaint);
  }

  @Test
  void shouldSayInOneLineThatThereIsNoSuchModel() {
    assertThat(execute("quickstart", "--model", "absent")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("tidecast: model must be").contains("model=absent");
  }

  @Test
  void shouldNameAWrongKeyOfAJobFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), "kafka:\n  bootstrap-server: x:1\n");

    assertThat(execute("run", "--config", file.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("bootstrap-server").contains("bootstrap-servers");
    assertThat(err.toString()).doesNotContain("Exception", "\tat ");
  }

  @Test
  void shouldShowTheStackTraceToThoseWhoAsk(@TempDir Path folder) {
    String absent = folder.resolve("absent.yaml").toString();

    assertThat(execute("run", "--config", absent, "--debug")).isEqualTo(2);
    assertThat(err.toString()).contains(absent).contains("\tat ");
  }

  private int execute(String... arguments) {
    CommandLine commandLine =
        TidecastCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }
}
