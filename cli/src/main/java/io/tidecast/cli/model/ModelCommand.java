package io.tidecast.cli.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast model}. */
@Command(
    name = "model",
    description =
        "Bring a model from elsewhere, an official checkpoint or an ONNX file; or make its graph anew.",
    subcommands = {ModelImportCommand.class, ModelInspectCommand.class, ModelExportCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class ModelCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Says which commands there are, where none was given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }
}
