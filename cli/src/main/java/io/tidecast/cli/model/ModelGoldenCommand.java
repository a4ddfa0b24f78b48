package io.tidecast.cli.model;

import io.tidecast.cli.console.CliException;
import io.tidecast.evaluation.folder.ForeignGolden;
import io.tidecast.runtime.bundle.GoldenVectors;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast model golden}. */
@Command(
    name = "golden",
    description = {
      "Make the golden vectors of a model from elsewhere: windows, and what ONNX Runtime makes of them on this machine.",
      "Every job that opens the model runs them first, and does not start where the answers are others."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ModelGoldenCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "The model is in this folder, which has no golden.json yet.")
  private Path model;

  @Option(
      names = "--mean",
      paramLabel = "VALUE",
      defaultValue = "100",
      description =
          "The windows lie about this value, in the units that the model was trained in. (default: ${DEFAULT-VALUE})")
  private double mean;

  @Option(
      names = "--deviation",
      paramLabel = "VALUE",
      defaultValue = "20",
      description = "The windows move about the mean by so much. (default: ${DEFAULT-VALUE})")
  private double deviation;

  @Override
  public Integer call() {
    GoldenVectors golden;
    try {
      golden = ForeignGolden.write(model, mean, deviation);
    } catch (UncheckedIOException e) {
      throw new CliException("can't write golden.json to " + model + ": " + e.getMessage(), e);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s has %d windows and what the model answers.%n",
            model.resolve(GoldenVectors.FILE), golden.cases().size());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
