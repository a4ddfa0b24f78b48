package io.tidecast.cli.model;

import io.tidecast.cli.swap.ModelActivateCommand;
import io.tidecast.cli.swap.ModelLoadCommand;
import io.tidecast.cli.swap.ModelRetireCommand;
import io.tidecast.cli.swap.ModelRollBackCommand;
import io.tidecast.cli.swap.ModelShadowCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast model}. */
@Command(
    name = "model",
    description =
        "Bring a model from elsewhere, an official checkpoint or an ONNX file; make its graph anew; or put it "
            + "into service in a running job.",
    subcommands = {
      ModelImportCommand.class,
      ModelInspectCommand.class,
      ModelGoldenCommand.class,
      ModelExportCommand.class,
      ModelLoadCommand.class,
      ModelActivateCommand.class,
      ModelShadowCommand.class,
      ModelRollBackCommand.class,
      ModelRetireCommand.class
    },
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
