package io.tidecast.cli.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.HyperparameterNames;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.cli.job.LocalJob;
import io.tidecast.cli.model.ModelName;
import io.tidecast.cli.model.ServingOptions;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.folder.SeriesSource;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.training.SeriesWindows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "Train a model on a CSV file, or on what a job has read up to now, and write its folder: graph, manifest, "
          + "golden vectors, card.",
      "Every epoch leaves a checkpoint in OUT/checkpoint; after an interruption the same command takes "
          + "it up again."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class TrainCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      required = true,
      description =
          "Train a network of this architecture, one of: autoformer, informer, linear, patchtst, "
              + "sundial, timexer. linear is no network: it is solved in seconds.")
  private String architecture;

  @Mixin private DataOptions data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Write the model to this folder.")
  private Path out;

  @Mixin private TrainingOptions training;

  @Option(
      names = "--targets",
      paramLabel = "NAME",
      split = ",",
      description =
          "Forecast these channels; the others only inform, where the architecture can use "
              + "them. Default: all.")
  private List<String> targets = List.of();

  @Option(
      names = "--future-covariates",
      paramLabel = "NAME",
      split = ",",
      description =
          "These channels are known over the horizon too, such as load forecasts; timexer uses "
              + "them.")
  private List<String> futureCovariates = List.of();

  @Mixin private ModelName modelName;

  @Mixin private ServingOptions serving;

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      defaultValue = JobRows.NO_SOURCE,
      description =
          "Say on the card where the data come from; of a job, the card names topics and offsets anyway. "
              + "(default: ${DEFAULT-VALUE})")
  private String source;

  @Override
  public Integer call() throws IOException {
    training.prepareTorch();
    try {
      train(Architectures.named(architecture));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return 0;
  }

  private <C extends ArchitectureConfig> void train(Architecture<C> network) throws IOException {
    JobRows rows = rows();
    if (rows != null) {
      takeCovariates(rows);
    }
    SplitSet series =
        arranged(
            rows == null
                ? data.divided(data.series())
                : data.divided(rows.set()).with(rows.gaps()));
    Hyperparameters<C> hyperparameters = Hyperparameters.read(network, config(network, series));
    C config = hyperparameters.config();
    serving.serving().requireFit(network, config);
    requireCalendar(network, config, series.any().series().grid());
    if (network.mixesChannels()) {
      series.requireResolvable();
    }
    requireLearning(network);
    requireUsed(network, config);
    new TrainingRun<>(
            network,
            config,
            SeriesWindows.of(series, network, config),
            new SeriesSource(
                series,
                data.fileName(),
                rows == null ? source : rows.source(source),
                data.seasons()),
            training.provenance(network, hyperparameters.defaults(), modelName, serving, spec),
            out,
            spec.commandLine().getOut())
        .run();
    if (rows != null) {
      rows.discard();
    }
  }

  /**
   * A model of the job must take all covariates that the job has, and forecasts what it observes.
   */
  private void takeCovariates(JobRows rows) {
    if (futureCovariates.isEmpty()) {
      futureCovariates = rows.covariates();
    }
    if (targets.isEmpty() && !futureCovariates.isEmpty()) {
      targets = rows.observed();
    }
  }

  /** What the job has read; null where a file was given. */
  private @Nullable JobRows rows() {
    Path job = data.job();
    PrintWriter log = spec.commandLine().getOut();
    return job == null
        ? null
        : JobRows.read(
            LocalJob.load(job),
            training.context(),
            out.resolve("history"),
            line -> {
              log.println(line);
              log.flush();
            });
  }

  /** A network that is given the calendar is told how far one row is from the next. */
  private static <C extends ArchitectureConfig> void requireCalendar(
      Architecture<C> network, C config, GridStep grid) {
    if (grid.isUneven() && !network.timeFeatures(config).isEmpty()) {
      throw new IllegalArgumentException(
          "%s is given the calendar, which it can't be of rows that are not always as far from each other, and the step is %s; take linear, patchtst or sundial"
              .formatted(network.name(), grid.text()));
    }
  }

  /** Options of an optimiser decide nothing where there is none. */
  private void requireLearning(Architecture<?> network) {
    if (!network.inClosedForm()) {
      return;
    }
    for (String option : TrainingOptions.OF_OPTIMISERS) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new IllegalArgumentException(
            "%s is solved in closed form, and has no use for %s; leave it out"
                .formatted(network.name(), option));
      }
    }
  }

  private <C extends ArchitectureConfig> void requireUsed(Architecture<C> network, C config) {
    if (!targets.isEmpty() && network.targets(config) != targets.size()) {
      throw new IllegalArgumentException(
          network.name()
              + (network.targets(config) == 1
                  ? " forecasts all channels or one"
                  : " forecasts every channel")
              + ": --targets="
              + String.join(",", targets));
    }
    if (network.futureCovariates(config) != futureCovariates.size()) {
      throw new IllegalArgumentException(
          network.name()
              + " can't use what is known ahead: --future-covariates="
              + String.join(",", futureCovariates));
    }
  }

  /** Puts known channels first and targets last, as networks want them. */
  private SplitSet arranged(SplitSet given) {
    List<String> names = given.any().series().channels();
    List<String> last = targets.isEmpty() ? names : targets;
    if (new HashSet<>(last).size() < last.size()) {
      throw new IllegalArgumentException(
          "a target must be named once: --targets=" + String.join(",", last));
    }
    List<String> order = new ArrayList<>(futureCovariates);
    for (String name : names) {
      if (!order.contains(name) && !last.contains(name)) {
        order.add(name);
      }
    }
    for (String name : last) {
      if (order.contains(name)) {
        throw new IllegalArgumentException(
            "a channel must not be both target and known: --future-covariates="
                + name
                + "; name the others in --targets");
      }
      order.add(name);
    }
    return given.select(order);
  }

  private ObjectNode config(Architecture<?> network, SplitSet series) {
    ObjectNode config = training.hyperparameters(network);
    GridStep grid = series.any().series().grid();
    int channels = series.any().series().channels().size();
    int forecast = targets.isEmpty() ? channels : targets.size();
    config.put("enc_in", channels);
    config.put("dec_in", channels);
    config.put("c_out", forecast);
    if (HyperparameterNames.of(network).has("future_covariates")) {
      config.put("future_covariates", futureCovariates.size());
    }
    byDefault(config, "features", forecast == channels ? "M" : "MS");
    byDefault(config, "freq", frequency(grid.length()));
    if (grid.isUneven() && network.inClosedForm()) {
      byDefault(config, "calendar", false);
    }
    byDefault(config, "label_len", Math.min(48, training.context()));
    return config;
  }

  private static void byDefault(ObjectNode config, String name, Object value) {
    if (!config.has(name)) {
      config.set(name, JSON.valueToTree(value));
    }
  }

  /** Says the frequency of the calendar features, as official configurations spell it. */
  private static String frequency(Duration step) {
    if (step.compareTo(Duration.ofMinutes(1)) < 0) {
      return "s";
    } else if (step.compareTo(Duration.ofHours(1)) < 0) {
      return "t";
    } else if (step.compareTo(Duration.ofDays(1)) < 0) {
      return "h";
    } else if (step.compareTo(Duration.ofDays(7)) < 0) {
      return "d";
    }
    return step.compareTo(Duration.ofDays(28)) < 0 ? "w" : "m";
  }
}
