package io.tidecast.cli.model;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.GivenFiles;
import io.tidecast.evaluation.folder.ModelReexport;
import io.tidecast.runtime.bundle.ModelBundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast model export}. */
@Command(
    name = "export",
    description = {
      "Make the graph of a model anew, of the weights in it, as this release makes graphs: nothing is "
          + "trained, and the forecasts are those of before.",
      "It is for models that an earlier release trained or imported, which become as fast as new ones."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ModelExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Read the model in this folder, whose weights are in its model.onnx.")
  private Path model;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Write the model to this folder, which must be empty or new.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    GivenFiles.requireEmptyFolder("--out", out);
    ModelBundle made;
    try {
      made = ModelReexport.write(model, Architectures.registry(), out);
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("can't write the model to " + out + ": " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s, version %s, is in %s. It gives the golden vectors of %s.%n",
            made.manifest().id(), made.manifest().version(), out, model);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
