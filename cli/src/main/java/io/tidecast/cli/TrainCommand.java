package io.tidecast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.training.Loss;
import io.tidecast.training.ModelExport;
import io.tidecast.training.ModelReport;
import io.tidecast.training.Schedule;
import io.tidecast.training.Torch;
import io.tidecast.training.Trained;
import io.tidecast.training.Trainer;
import io.tidecast.training.TrainingData;
import io.tidecast.training.TrainingSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast train}. */
@Command(
    name = "train",
    description = {
      "Train a model on a CSV file and write its folder: graph, manifest, golden vectors, card.",
      "Every epoch leaves a checkpoint in OUT/checkpoint; after an interruption the same command takes "
          + "it up again."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      required = true,
      description = "One of: patchtst.")
  private String architecture;

  @Mixin private DataOptions data;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "The model's folder.")
  private Path out;

  @Option(
      names = "--context",
      paramLabel = "STEPS",
      required = true,
      description = "Context length.")
  private int context;

  @Option(
      names = "--horizon",
      paramLabel = "STEPS",
      required = true,
      description = "Prediction length.")
  private int horizon;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A hyperparameter under its official name, for instance d_model=32.")
  private Map<String, String> hyperparameters = new LinkedHashMap<>();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "128",
      description = "Windows per step. (default: ${DEFAULT-VALUE})")
  private int batchSize;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most. (default: ${DEFAULT-VALUE})")
  private int epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "Epochs without a better validation loss before it stops. (default: ${DEFAULT-VALUE})")
  private int patience;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      defaultValue = "1e-4",
      description = "Of Adam. (default: ${DEFAULT-VALUE})")
  private double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      defaultValue = "DECAY",
      description = "Of the learning rate: ${COMPLETION-CANDIDATES}. (default: ${DEFAULT-VALUE})")
  private Schedule schedule;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "MSE",
      description = "What is minimised: ${COMPLETION-CANDIDATES}. (default: ${DEFAULT-VALUE})")
  private Loss loss;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "Decoupled from the gradient. (default: ${DEFAULT-VALUE})")
  private double weightDecay;

  @Option(
      names = "--mixup",
      description = "Blend every training window with another by a random share.")
  private boolean mixup;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "2021",
      description = "Of initial weights, order of windows and dropout. (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Of one operation. Default: half of the processors.")
  private Integer threads;

  @Mixin private ModelName modelName;

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      defaultValue = "Source not given.",
      description = "Where the data come from, for the card. (default: ${DEFAULT-VALUE})")
  private String source;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "Apache-2.0",
      description = "Of the model. (default: ${DEFAULT-VALUE})")
  private String licence;

  @Override
  public Integer call() throws IOException {
    if (threads != null) {
      Torch.useThreads(threads);
    }
    try {
      train(Architecture.named(architecture));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return 0;
  }

  private <C extends ArchitectureConfig> void train(Architecture<C> network) throws IOException {
    PrintWriter log = spec.commandLine().getOut();
    TrainingData series = data.read("0.7,0.1,0.2");
    TrainingSettings settings =
        new TrainingSettings(
            batchSize, epochs, patience, learningRate, schedule, loss, weightDecay, mixup, seed);
    C config = network.readConfig(config(series));
    Trained<C> trained;
    TrainingProgress progress = new TrainingProgress(log, epochs);
    Trainer<C> trainer =
        new Trainer<>(network, config, series, settings, out.resolve("checkpoint"), progress);
    try (progress) {
      trained = trainer.train();
    }
    String name = modelName.id(network.name());
    ModelReport report =
        new ModelExport<>(
                trained,
                series,
                new ModelExport.Provenance(
                    name,
                    modelName.version(),
                    data.fileName(),
                    source,
                    CommandLines.typed(spec),
                    licence,
                    settings))
            .write(out);
    trainer.discardCheckpoint();
    log.printf(
        "%nBest epoch %d of %d, %,d parameters, %.1f minutes. On the %d test windows, scaled and raw:%n%n%s%n",
        trained.bestEpoch(),
        trained.epochs(),
        trained.parameters(),
        trained.seconds() / 60,
        report.model().windows(),
        report.toTable(name));
    log.println("The model is in " + out + "; its card says how it was made.");
    log.flush();
  }

  private ObjectNode config(TrainingData series) {
    ObjectNode config = JSON.createObjectNode();
    hyperparameters.forEach(
        (name, value) -> {
          try {
            config.set(name, JSON.readTree(value));
          } catch (JsonProcessingException e) {
            // Not a number, a boolean or null: a word.
            config.put(name, value);
          }
        });
    config.put("seq_len", context);
    config.put("pred_len", horizon);
    config.put("enc_in", series.series().channels().size());
    return config;
  }
}
