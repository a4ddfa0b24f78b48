package io.tidecast.cli.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is refused before anything is sent. */
class SendCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldNameTheKeyThatAJobWithoutCommandsLacks() throws IOException {
    assertThat(execute("model", "activate", "--config", job(""), "--path", "s3://models/demand/3"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("commands.topic, such as model-commands")
        .contains("start the job with it");
  }

  @Test
  void shouldRefuseWhatTheJobWouldRefuse() throws IOException {
    String job = job("commands: {topic: model-commands}");
    assertThat(execute("model", "load", "--config", job)).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required option: '--path=DIR'");
    assertThat(execute("model", "load", "--config", job, "--path", "/m/2", "--sha256", "12"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("the job would refuse load", "sha256=\"12\"");
    assertThat(execute("model", "load", "--config", job, "--path", "/m/2", "--slot", ""))
        .isEqualTo(2);
    assertThat(err.toString()).contains("slot=\"\"");
    assertThat(execute("model", "roll-back", "--config", job, "--from", "tomorrow")).isEqualTo(2);
    assertThat(err.toString()).contains("--from must be a time with its zone", "tomorrow");
    assertThat(execute("model", "roll-back", "--config", job, "--wait", "soon")).isEqualTo(2);
    assertThat(err.toString()).contains("--wait must be a duration, 0s to 1d: found soon");
  }

  private String job(String more) throws IOException {
    return Files.writeString(
            folder.resolve("job.yaml"),
            """
            kafka: {bootstrap-servers: "127.0.0.1:1"}
            series: {step: 30min}
            model: {path: nowhere}
            """
                + more)
        .toString();
  }

  private int execute(String... arguments) {
    err.getBuffer().setLength(0);
    CommandLine command = TidecastCommand.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }
}
