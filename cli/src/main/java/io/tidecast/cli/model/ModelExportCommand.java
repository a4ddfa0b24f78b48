package io.tidecast.cli.model;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.GivenFiles;
import io.tidecast.evaluation.folder.ModelReexport;
import io.tidecast.evaluation.folder.ModelRounding;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast model export}. */
@Command(
    name = "export",
    description = {
      "Make the graph of a model anew, of the weights in it, as this release makes graphs: nothing is "
          + "trained, and the forecasts are those of before.",
      "It is for models that an earlier release trained or imported, which become as fast as new ones.",
      "With --precision fp16 it makes a version of the model for GPUs, whose forecasts differ a little."
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

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "FP32",
      description =
          "Compute products with weights and attention in floats of so many bits: "
              + "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). FP16 is for GPUs.")
  private Precision precision;

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description =
          "Call the version in FP16 so. Default: the version of the model, and -fp16. In FP32 the "
              + "version stays.")
  private @Nullable String version;

  @Override
  public Integer call() throws IOException {
    GivenFiles.requireEmptyFolder("--out", out);
    if (version != null && precision == Precision.FP32) {
      throw new ParameterException(
          spec.commandLine(), "--model-version must be left out unless --precision is FP16");
    }
    String said;
    try {
      said =
          switch (precision) {
            case FP32 -> anew();
            case FP16 -> rounded();
          };
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("can't write the model to " + out + ": " + e.getMessage(), e);
    }
    spec.commandLine().getOut().println(said);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private String anew() throws IOException {
    ModelBundle made = ModelReexport.write(model, Architectures.registry(), out);
    return "%s, version %s, is in %s. It gives the golden vectors of %s."
        .formatted(made.manifest().id(), made.manifest().version(), out, model);
  }

  private String rounded() throws IOException {
    ModelRounding made = ModelRounding.write(model, version, Architectures.registry(), out);
    return String.format(
        Locale.ROOT,
        "%s, version %s, is in %s, in half precision. Its forecasts of the golden windows differ from "
            + "those of %s by up to %.2f %% of their spread%s. It is for GPUs: a processor computes it no faster.",
        made.bundle().manifest().id(),
        made.bundle().manifest().version(),
        out,
        model,
        100 * made.difference(),
        made.moved() == 0
            ? ""
            : ", and more in %d of them, which are not kept".formatted(made.moved()));
  }
}
