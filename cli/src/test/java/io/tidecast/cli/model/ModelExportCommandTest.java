package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.runtime.bundle.ModelBundle;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelExportCommandTest {
  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"), "models/zoo/patchtst-uk-demand/1");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void shouldMakeTheGraphOfAModelAnew() {
    Path made = folder.resolve("anew");
    assertThat(run("--model", MODEL.toString(), "--out", made.toString())).as("%s", err).isZero();
    assertThat(out.toString())
        .startsWith("patchtst-uk-demand, version 1, is in " + made)
        .contains("gives the golden vectors of " + MODEL);
    assertThat(ModelBundle.read(made).manifest()).isEqualTo(ModelBundle.read(MODEL).manifest());
  }

  @Test
  void shouldLeaveAFolderAloneThatHoldsAModel() {
    assertThat(run("--model", MODEL.toString(), "--out", MODEL.toString())).isNotZero();
    assertThat(err.toString()).contains("--out");
  }

  private int run(String... arguments) {
    String[] command = new String[arguments.length + 2];
    command[0] = "model";
    command[1] = "export";
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return TidecastCommand.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(command);
  }
}
