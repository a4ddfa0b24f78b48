package io.tidecast.cli.train;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.cli.console.DataFile;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.cli.job.LocalJob;
import io.tidecast.cli.model.ModelName;
import io.tidecast.cli.model.ServingOptions;
import io.tidecast.evaluation.data.CsvSeries;
import io.tidecast.evaluation.data.SeriesSet;
import io.tidecast.evaluation.data.SplitSet;
import io.tidecast.evaluation.data.TimeSeries;
import io.tidecast.training.corpus.Corpus;
import io.tidecast.training.corpus.CorpusSet;
import io.tidecast.training.corpus.CorpusSettings;
import io.tidecast.training.corpus.CorpusSource;
import io.tidecast.training.corpus.CorpusWindows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tidecast pretrain}. */
@Command(
    name = "pretrain",
    description = {
      "Train a general model of one channel on a mixture of synthetic series and the training rows of CSV "
          + "files, or of what jobs have read, to forecast series that it never saw.",
      "Every epoch leaves a checkpoint in OUT/checkpoint; after an interruption the same command takes "
          + "it up again."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true)
public final class PretrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      defaultValue = "sundial",
      description =
          "Train a network of this architecture, of one channel: sundial or patchtst. (default: "
              + "${DEFAULT-VALUE})")
  private String architecture;

  @Option(
      names = "--learn",
      paramLabel = "FILE[@TRAIN,VALIDATION,TEST]",
      description =
          "Learn from the training rows of this CSV file, each of whose channels is a series; "
              + "may be repeated. A file without times counts as daily. After the @ stand rows or "
              + "shares. Default: 0.7,0.1,0.2.")
  private List<String> learned = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE[@TRAIN,VALIDATION,TEST]",
      description =
          "Learn from the training rows of what the job in this file has read up to now, by the job's own path; "
              + "may be repeated.")
  private List<String> jobs = List.of();

  @Option(
      names = "--held-out",
      paramLabel = "FILE[@TRAIN,VALIDATION,TEST]",
      description =
          "Learn nothing from this CSV file, but measure the model on its test rows; may be "
              + "repeated.")
  private List<String> heldOut = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Write the model to this folder.")
  private Path out;

  @Option(
      names = "--windows",
      paramLabel = "N",
      defaultValue = "6400",
      description = "Draw so many windows anew for each epoch. (default: ${DEFAULT-VALUE})")
  private int windows;

  @Option(
      names = "--validation-windows",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Draw so many windows once, to choose the epoch by. (default: ${DEFAULT-VALUE})")
  private int validationWindows;

  @Option(
      names = "--synthetic-share",
      paramLabel = "SHARE",
      defaultValue = "0.6",
      description =
          "Make this share of the windows synthetic; the rest is from the files. (default: "
              + "${DEFAULT-VALUE})")
  private double syntheticShare;

  @Option(
      names = "--coarsening-share",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description =
          "Average this share of the windows from files to a coarser step. (default: "
              + "${DEFAULT-VALUE})")
  private double coarseningShare;

  @Option(
      names = "--refining-share",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description =
          "Bring this share of the windows from files to half the step. (default: "
              + "${DEFAULT-VALUE})")
  private double refiningShare;

  @Option(
      names = "--mixing-share",
      paramLabel = "SHARE",
      defaultValue = "0.3",
      description = "Make this share of the windows sums of several. (default: ${DEFAULT-VALUE})")
  private double mixingShare;

  @Option(
      names = "--flipping-share",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Of windows turned upside down. (default: ${DEFAULT-VALUE})")
  private double flippingShare;

  @Mixin private CsvFormatOptions format;

  @Mixin private TrainingOptions training;

  @Mixin private ModelName modelName;

  @Mixin private ServingOptions serving;

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
    Hyperparameters<C> hyperparameters =
        Hyperparameters.read(network, training.hyperparameters(network).put("enc_in", 1));
    C config = hyperparameters.config();
    serving.serving().requireFit(network, config);
    Path histories = out.resolve("history");
    Corpus corpus = corpus(histories);
    Map<String, SplitSet> unseen = heldOut();
    CorpusWindows source =
        new CorpusWindows(
            corpus,
            CorpusWindows.Settings.builder()
                .contextLength(config.seqLen())
                .horizon(network.trainingHorizon(config))
                .windowsPerEpoch(windows)
                .validationWindows(validationWindows)
                .seed(training.seed())
                .build());
    new TrainingRun<>(
            network,
            config,
            source,
            new CorpusSource(corpus, source, unseen),
            training.provenance(network, hyperparameters.defaults(), modelName, serving, spec),
            out,
            spec.commandLine().getOut())
        .run();
    TemporaryFolder.delete(histories);
  }

  private Map<String, SplitSet> heldOut() {
    Map<String, SplitSet> data = new LinkedHashMap<>();
    for (String text : heldOut) {
      DataFile file = DataFile.parse(text);
      if (learned.stream().anyMatch(other -> DataFile.parse(other).name().equals(file.name()))) {
        throw new IllegalArgumentException(
            "what is held out must not be learned from: --held-out=" + file.name());
      }
      if (data.put(file.name(), file.divided(read(file))) != null) {
        throw new IllegalArgumentException("held out twice: --held-out=" + file.name());
      }
    }
    return data;
  }

  /** What a job has read, its gaps filled. */
  private CorpusSet learned(DataFile job, Path history) {
    PrintWriter log = spec.commandLine().getOut();
    JobRows rows =
        JobRows.read(
            LocalJob.load(job.file()),
            training.context(),
            history,
            line -> {
              log.println(line);
              log.flush();
            });
    return CorpusSet.of(job.name(), 1, job.divided(rows.set().map(TimeSeries::filled)));
  }

  private SeriesSet read(DataFile file) {
    CsvSeries.Described read = file.read(format.format(), format.times());
    DataOptions.tell(read, file.file(), spec.commandLine().getOut());
    return read.set();
  }

  /**
   * @param histories where what jobs have read stays until the model is written
   */
  private Corpus corpus(Path histories) {
    List<CorpusSet> sets = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      sets.add(learned(DataFile.parse(jobs.get(i)), histories.resolve(String.valueOf(i + 1))));
    }
    for (String file : learned) {
      DataFile data = DataFile.parse(file);
      sets.add(CorpusSet.of(data.name(), 1, data.divided(read(data))));
    }
    return new Corpus(
        CorpusSettings.builder()
            .syntheticShare(syntheticShare)
            .coarseningShare(coarseningShare)
            .greatestFactor(6)
            .refiningShare(refiningShare)
            .mixingShare(mixingShare)
            .mostMixed(3)
            .flippingShare(flippingShare)
            .build(),
        sets);
  }
}
