package io.tidecast.cli.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.HuggingFace;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.architectures.weights.SafeTensors;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.CommandLines;
import io.tidecast.cli.console.GivenFiles;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.evaluation.folder.ModelImport;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast model import}. */
@Command(
    name = "import",
    description = {
      "Turn a checkpoint of an official PyTorch implementation into a model folder: graph, manifest, "
          + "golden vectors, card.",
      "What is missing from the checkpoint, surplus or of another shape is listed by name, all at once; "
          + "prefixes of wrappers, such as 'module.', are passed over."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class ModelImportCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /** Some configurations keep them under this key, beside what is not the network's. */
  private static final String HYPERPARAMETERS = "hyperparameters";

  @Spec private CommandSpec spec;

  private boolean ofTransformers;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      required = true,
      description = "The architecture of the network is NAME, for instance patchtst.")
  private String architecture;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description =
          "Read the hyperparameters from this JSON object, under their official names; or from "
              + "its \"hyperparameters\", where it has them. What it says of data and training, as "
              + "official configurations do, is passed over; any other name is refused. A "
              + "config.json of Hugging Face's PatchTST is read too, where the network is the same.")
  private Path config;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      required = true,
      description =
          "Read the state_dict from this .safetensors file. F16, BF16 and F64 become F32.")
  private Path weights;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Write the model to this folder, which must be empty or new.")
  private Path out;

  @Mixin private ModelName modelName;

  @Mixin private ServingOptions serving;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      defaultValue = ModelManifest.ANY_STEP,
      description =
          "The model is for series with this time between two observations, such as PT30M, or "
              + "any. (default: ${DEFAULT-VALUE})")
  private String step;

  @Option(
      names = "--channels",
      paramLabel = "NAME",
      split = ",",
      description =
          "Name the channels, one each, in order. Default: channel_1,channel_2 and so on.")
  private @Nullable List<String> channels;

  @Option(
      names = "--mean",
      paramLabel = "VALUE",
      split = ",",
      description =
          "This is the mean of each channel over the rows that the network was trained on, if "
              + "those were standardised: it then goes into the graph, which takes and gives raw "
              + "units.")
  private @Nullable List<Double> mean;

  @Option(
      names = "--deviation",
      paramLabel = "VALUE",
      split = ",",
      description = "This is the standard deviation of each channel; give it together with --mean.")
  private @Nullable List<Double> deviation;

  @Option(
      names = "--accept-defaults",
      description =
          "Take the defaults of the architecture for hyperparameters that neither --config nor the "
              + "weights tell, such as the number of heads. Without it they have to be given.")
  private boolean acceptDefaults;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "NOASSERTION",
      description = "The checkpoint has this licence. (default: ${DEFAULT-VALUE})")
  private String licence;

  @Override
  public Integer call() throws IOException {
    GivenFiles.requireEmptyFolder("--out", out);
    GivenFiles.requireFile("--weights", weights);
    Architecture<?> network;
    try {
      network = Architectures.named(architecture);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    write(network);
    return 0;
  }

  private <C extends ArchitectureConfig> void write(Architecture<C> network) {
    Hyperparameters<C> hyperparameters = hyperparameters(network);
    ModelImport<C> importer;
    try {
      importer =
          new ModelImport<>(network, hyperparameters, settings(network, hyperparameters.config()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    ModelManifest manifest = write(importer);
    PrintWriter log = spec.commandLine().getOut();
    importer.assumptions().ifPresent(log::println);
    log.printf(
        "%s, version %s, is in %s: %d steps of %d %s to %d steps ahead.%n"
            + "Measure it on your series: ./tidecast evaluate --model %s --data FILE%n",
        manifest.id(),
        manifest.version(),
        out,
        manifest.contextLength(),
        manifest.channels().names().size(),
        manifest.channels().names().size() == 1 ? "channel" : "channels",
        manifest.predictionLength(),
        out);
    log.flush();
  }

  private ModelManifest write(ModelImport<?> importer) {
    Map<String, Tensor> checkpoint;
    try {
      checkpoint = SafeTensors.read(weights);
      OtherNetworks.require(architecture, checkpoint.keySet());
    } catch (IOException e) {
      throw new ModelException("--weights must be a readable file: " + weights, e);
    }
    try {
      return importer.write(ofTransformers ? HuggingFace.official(checkpoint) : checkpoint, out);
    } catch (IOException | UncheckedIOException e) {
      throw new CliException("can't write the model to " + out + ": " + e.getMessage(), e);
    }
  }

  private <C extends ArchitectureConfig> Hyperparameters<C> hyperparameters(
      Architecture<C> network) {
    byte[] text = GivenFiles.read("--config", config);
    try {
      JsonNode json = JSON.readTree(text);
      JsonNode own = json.path(HYPERPARAMETERS).isObject() ? json.get(HYPERPARAMETERS) : json;
      if (!(own instanceof ObjectNode object)) {
        throw new ModelException("--config must be a JSON object: " + config);
      }
      Optional<ObjectNode> translated = HuggingFace.hyperparameters(object);
      ofTransformers = translated.isPresent();
      OtherNetworks.require(architecture, object);
      Hyperparameters<C> read = Hyperparameters.read(network, translated.orElse(object));
      requireChosen(read);
      return read;
    } catch (JsonProcessingException e) {
      throw new ModelException(
          "--config must be JSON: " + config + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ModelException("--config must be JSON in UTF-8: " + config, e);
    } catch (IllegalArgumentException e) {
      throw new ModelException(config + ": " + e.getMessage(), e);
    }
  }

  /** A default that was somebody's choice would make another network without a word. */
  private void requireChosen(Hyperparameters<?> read) {
    if (!acceptDefaults && !read.chosenDefaults().isEmpty()) {
      throw new ModelException(
          "%s: must say what names and shapes of weights do not tell; the defaults of %s are %s: write each as it was trained, or confirm them with --accept-defaults"
              .formatted(config, architecture, String.join(", ", read.chosenDefaults())));
    }
  }

  private ModelImport.Settings settings(Architecture<?> network, ArchitectureConfig config) {
    List<String> names =
        channels == null
            ? IntStream.rangeClosed(1, config.encIn()).mapToObj(i -> "channel_" + i).toList()
            : channels;
    return ModelImport.Settings.builder()
        .id(modelName.id(network.name()))
        .version(modelName.version())
        .step(step)
        .channels(names)
        .scaler(scaler(config.encIn()))
        .serving(serving.serving())
        .checkpoint(weights.getFileName().toString())
        .command(CommandLines.typed(spec))
        .licence(licence)
        .build();
  }

  private @Nullable Scaler scaler(int channelCount) {
    if (mean == null && deviation == null) {
      return null;
    }
    if (mean == null
        || deviation == null
        || mean.size() != channelCount
        || deviation.size() != channelCount) {
      throw new IllegalArgumentException(
          "--mean and --deviation must have a value for each channel: channels=" + channelCount);
    }
    if (!mean.stream().allMatch(Double::isFinite)
        || !deviation.stream().allMatch(d -> Double.isFinite(d) && d > 0)) {
      throw new IllegalArgumentException(
          "--mean must be finite and --deviation positive: mean="
              + mean
              + ", deviation="
              + deviation);
    }
    return new Scaler(
        mean.stream().mapToDouble(Double::doubleValue).toArray(),
        deviation.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
