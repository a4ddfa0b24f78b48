package io.tidecast.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.cli.TidecastCommand;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  void shouldMakeAVersionInHalfPrecision() throws IOException {
    Path made = folder.resolve("half");
    int code = run("--model", MODEL.toString(), "--out", made.toString(), "--precision", "fp16");
    assertThat(code).as("%s", err).isZero();
    assertThat(out.toString())
        .startsWith("patchtst-uk-demand, version 1-fp16, is in " + made + ", in half precision. ")
        .containsPattern("differ from those of \\S+ by up to 0\\.\\d\\d % of their spread")
        .contains("It is for GPUs");
    ModelManifest manifest = ModelBundle.read(made).manifest();
    assertThat(manifest.precision()).isEqualTo(Precision.FP16);
    assertThat(Files.readString(made.resolve("card.md")))
        .startsWith("# patchtst-uk-demand, version 1-fp16\n\nVersion 1 in half precision")
        .contains("# patchtst-uk-demand, version 1\n");

    StringWriter inspected = new StringWriter();
    TidecastCommand.commandLine()
        .setOut(new PrintWriter(inspected))
        .setErr(new PrintWriter(inspected))
        .execute("model", "inspect", made.resolve("model.onnx").toString());
    assertThat(inspected.toString())
        .contains("\"precision\" : \"fp16\"")
        .contains("It computes in half precision (fp16) between them, which is for GPUs.")
        .contains("Nothing is left to fill in.");

    Path again = folder.resolve("again");
    assertThat(run("--model", made.toString(), "--out", again.toString())).isNotZero();
    assertThat(err.toString())
        .contains("patchtst-uk-demand/1-fp16 has rounded weights; export the model that it was");
  }

  @Test
  void shouldNameAVersionInHalfPrecisionAsItIsTold() {
    Path made = folder.resolve("half");
    String[] command = {"--model", MODEL.toString(), "--out", made.toString()};
    assertThat(run(with(command, "--model-version", "2"))).isNotZero();
    assertThat(err.toString())
        .contains("--model-version must be left out unless --precision is FP16");
    assertThat(run(with(command, "--precision", "fp16", "--model-version", "1"))).isNotZero();
    assertThat(err.toString()).contains("must have a version of its own: version=1");
    assertThat(run(with(command, "--precision", "fp16", "--model-version", "2"))).isZero();
    assertThat(ModelBundle.read(made).manifest().version()).isEqualTo("2");
  }

  private static String[] with(String[] command, String... more) {
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return all;
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
