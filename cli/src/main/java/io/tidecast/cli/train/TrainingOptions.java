package io.tidecast.cli.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.HyperparameterNames;
import io.tidecast.architectures.Loss;
import io.tidecast.architectures.Schedule;
import io.tidecast.architectures.TrainingSettings;
import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.CommandLines;
import io.tidecast.cli.model.ModelName;
import io.tidecast.cli.model.ServingOptions;
import io.tidecast.evaluation.folder.ModelExport;
import io.tidecast.training.torch.Torch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options that say how a network is built and trained. */
final class TrainingOptions {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The option that decides a hyperparameter. */
  private static final Map<String, String> SAID_BY =
      Map.of(
          "seq_len", "--context",
          "pred_len", "--horizon",
          "max_new_tokens", "--horizon",
          "enc_in", "the channels of the data",
          "dec_in", "the channels of the data",
          "c_out", "--targets",
          "future_covariates", "--future-covariates");

  /** Those that say how weights are looked for. */
  static final List<String> OF_OPTIMISERS =
      List.of(
          "--batch-size",
          "--epochs",
          "--patience",
          "--learning-rate",
          "--schedule",
          "--loss",
          "--weight-decay",
          "--mixup",
          "--averaging",
          "--seed");

  @Option(
      names = "--context",
      paramLabel = "STEPS",
      required = true,
      description = "Forecast from a context of so many steps.")
  private int context;

  @Option(
      names = "--horizon",
      paramLabel = "STEPS",
      required = true,
      description = "Forecast so many steps ahead.")
  private int horizon;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Set a hyperparameter under its official name, for instance d_model=32.")
  private Map<String, String> hyperparameters = new LinkedHashMap<>();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description =
          "Learn from so many windows in a step. Default: the official number of the "
              + "architecture.")
  private @Nullable Integer batchSize;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Train at most so many epochs. Default: the official number of the architecture.")
  private @Nullable Integer epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Stop after so many epochs without a better validation loss. Default: the official "
              + "number.")
  private @Nullable Integer patience;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Let Adam learn at this rate. Default: the official one of the architecture.")
  private @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "Change the learning rate by this schedule: ${COMPLETION-CANDIDATES}. Default: the "
              + "official one of the architecture.")
  private @Nullable Schedule schedule;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "MSE",
      description = "Minimise this loss: ${COMPLETION-CANDIDATES}. (default: ${DEFAULT-VALUE})")
  private Loss loss;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      defaultValue = "0",
      description =
          "Decay the weights at this rate, decoupled from the gradient. (default: "
              + "${DEFAULT-VALUE})")
  private double weightDecay;

  @Option(
      names = "--mixup",
      description = "Blend every training window with another by a random share.")
  private boolean mixup;

  @Option(
      names = "--averaging",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Serve the running average of the weights, of which each step keeps this share, such "
              + "as 0.999. (default: none)")
  private double averaging;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "2021",
      description =
          "Draw initial weights, the order of windows and dropout from this seed. (default: "
              + "${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Give each operation so many threads. Default: half of the processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "Apache-2.0",
      description = "Give the model this licence. (default: ${DEFAULT-VALUE})")
  private String licence;

  int context() {
    return context;
  }

  long seed() {
    return seed;
  }

  /** Says where the model comes from, with the command as it was typed. */
  ModelExport.Provenance provenance(
      Architecture<?> architecture,
      List<String> defaults,
      ModelName name,
      ServingOptions serving,
      CommandSpec spec) {
    return new ModelExport.Provenance(
        name.id(architecture.name()),
        name.version(),
        CommandLines.typed(spec),
        licence,
        serving.serving(),
        settings(architecture),
        defaults);
  }

  /** Puts what the options say over the official settings of the architecture. */
  private TrainingSettings settings(Architecture<?> architecture) {
    TrainingSettings official = architecture.officialTraining();
    return official.toBuilder()
        .batchSize(batchSize == null ? official.batchSize() : batchSize)
        .epochs(epochs == null ? official.epochs() : epochs)
        .patience(patience == null ? official.patience() : patience)
        .learningRate(learningRate == null ? official.learningRate() : learningRate)
        .schedule(schedule == null ? official.schedule() : schedule)
        .loss(loss)
        .weightDecay(weightDecay)
        .mixup(mixup)
        .averaging(averaging)
        .seed(seed)
        .build();
  }

  /**
   * Collects the hyperparameters that were given, lengths among them.
   *
   * @throws IllegalArgumentException if a name is not the architecture's, or another option says it
   */
  ObjectNode hyperparameters(Architecture<?> architecture) {
    try {
      HyperparameterNames.of(architecture).require(hyperparameters.keySet());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--set must name hyperparameters of %s: %s"
              .formatted(architecture.name(), e.getMessage()),
          e);
    }
    ObjectNode config = JSON.createObjectNode();
    hyperparameters.forEach(
        (name, value) -> {
          if (SAID_BY.containsKey(name)) {
            throw new IllegalArgumentException(
                "--set must leave %s to %s: --set %s=%s"
                    .formatted(name, SAID_BY.get(name), name, value));
          }
          try {
            config.set(name, JSON.readTree(value));
          } catch (JsonProcessingException e) {
            // Not a number, a boolean or null: a word.
            config.put(name, value);
          }
        });
    config.put("seq_len", context);
    config.put("pred_len", horizon);
    return config;
  }

  /**
   * Has torch use the threads asked for.
   *
   * @throws CliException if torch is not here, saying where to get it
   */
  void prepareTorch() {
    Torch.missingJar()
        .ifPresent(
            jar -> {
              throw new CliException(
                  "training needs torch, which the archive leaves out for its 107 MB: put https://repo1.maven.org/maven2/%s into the folder lib of Tidecast, then try again"
                      .formatted(jar));
            });
    if (threads != null) {
      Torch.useThreads(threads);
    }
  }
}
