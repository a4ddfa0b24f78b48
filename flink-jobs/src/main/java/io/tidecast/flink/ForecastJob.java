package io.tidecast.flink;

import io.tidecast.flink.commands.CommandRecords;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.gauges.ChosenSeries;
import io.tidecast.flink.gauges.ForecastGauges;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelFolder;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.OnnxRuntimePlace;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.record.Anomaly;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastScore;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.sink.LossPolicy;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.sink.kafka.KafkaSinks;
import io.tidecast.flink.source.csv.CsvFiles;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.OnnxDevices;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.flink.api.common.InvalidProgramException;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job: observations from Kafka, parsed, put on the grid of their series, forecast, and back to
 * Kafka; what cannot be used goes to the dead-letter topic.
 */
public final class ForecastJob {

  private static final Logger LOG = LoggerFactory.getLogger(ForecastJob.class);

  /**
   * How Flink's settings call the storage that ends at 5 MiB, and the one that needs a directory.
   */
  private static final Set<String> NO_OWN_STORAGE = Set.of("jobmanager", "filesystem");

  private ForecastJob() {}

  /**
   * Runs the job on the cluster that submits it.
   *
   * @param args {@code --config} and the job file
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--config")) {
      throw toldPlainly(
          new IllegalArgumentException(
              "arguments must be --config and the job file: " + List.of(args)));
    }
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    String name;
    try {
      name = prepare(env, Path.of(args[1]));
    } catch (ConfigException | ModelException | SuppressRestartsException e) {
      throw toldPlainly(e);
    }
    env.execute(name);
  }

  /** Builds the job of a file into the environment, and returns its name. */
  private static String prepare(StreamExecutionEnvironment env, Path file) {
    OnnxRuntimePlace.require();
    JobConfig config = JobFile.load(file);
    notices(config).forEach(LOG::warn);
    requireCheckpointStorage(config, env.getConfiguration());
    build(env, config);
    return config.job().name();
  }

  /**
   * What is for people to put right: {@code flink run} prints the message of such a failure alone,
   * and its log has the rest.
   */
  private static InvalidProgramException toldPlainly(RuntimeException failure) {
    Throwable cause = failure.getCause();
    Throwable told =
        failure instanceof SuppressRestartsException && cause != null ? cause : failure;
    LOG.error("The job cannot be started: {}", told.getMessage(), failure);
    InvalidProgramException plain = new InvalidProgramException(told.getMessage());
    plain.setStackTrace(new StackTraceElement[0]);
    return plain;
  }

  /**
   * Adds the job to an environment, with the models that the configuration names.
   *
   * @throws ConfigException if configuration and model do not fit each other
   * @throws io.tidecast.runtime.manifest.ModelException if a model cannot be read
   */
  public static void build(StreamExecutionEnvironment env, JobConfig config) {
    build(env, config, slots(config));
  }

  /**
   * Adds the job to an environment, with a model of the caller's: for instance {@link #model}
   * wrapped in something that fails when a test wants it to (an {@link Error} thrown by its
   * forecaster fails the task).
   *
   * @throws ConfigException if configuration and model do not fit each other, or the configuration
   *     has others
   */
  public static void build(
      StreamExecutionEnvironment env, JobConfig config, ForecasterFactory model) {
    build(env, config, alone(config, model));
  }

  /**
   * Adds the job to an environment, with models that have been read.
   *
   * @throws ConfigException if configuration and models do not fit each other
   */
  public static void build(StreamExecutionEnvironment env, JobConfig config, ModelSlots models) {
    Outputs outputs = outputs(env, config, models);
    SinkSettings.Kafka sink = (SinkSettings.Kafka) config.sink();
    double[] levels =
        config.mixture().levelsBeside(models.byDefault().model().spec().quantileLevels()).stream()
            .mapToDouble(Double::doubleValue)
            .toArray();
    outputs
        .forecasts()
        .sinkTo(KafkaSinks.forecasts(config.kafka(), sink, config.series().step(), levels))
        .name("forecasts")
        .uid(OperatorUids.FORECASTS);
    if (sink.shadowTopic() != null) {
      outputs
          .shadows()
          .sinkTo(KafkaSinks.shadows(config.kafka(), sink, config.series().step(), levels))
          .name("shadow forecasts")
          .uid(OperatorUids.SHADOW_FORECASTS);
    }
    write(outputs, config, sink);
    write(outputs.cells(), config, sink, models.byDefault().model().channels().observedNames());
    show(outputs.forecasts(), config);
    outputs
        .rejections()
        .sinkTo(KafkaSinks.deadLetters(config.kafka(), sink, config.deadLetters()))
        .name("dead letters")
        .uid(OperatorUids.DEAD_LETTERS);
    String eventsTopic = config.commands().eventsTopic();
    if (outputs.events() != null && eventsTopic != null) {
      outputs
          .events()
          .sinkTo(KafkaSinks.modelEvents(config.kafka(), sink, eventsTopic))
          // They are few, and come one after another so.
          .setParallelism(1)
          .name("model events")
          .uid(OperatorUids.MODEL_EVENTS);
    }
    command(outputs.commands(), config, sink);
  }

  /** What the job commands of itself takes the way of all commands, so that it is in the topic. */
  private static void command(
      @Nullable DataStream<ModelCommand> commands, JobConfig config, SinkSettings.Kafka sink) {
    String topic = config.commands().topic();
    if (commands != null && topic != null) {
      commands
          .sinkTo(KafkaSinks.modelCommands(config.kafka(), sink, new CommandRecords(topic)))
          .setParallelism(1)
          .name("promotion commands")
          .uid(OperatorUids.PROMOTION_COMMANDS);
    }
  }

  /** Writes what answers for the forecasts. */
  private static void write(Outputs outputs, JobConfig config, SinkSettings.Kafka sink) {
    String scores = config.scores().topic();
    if (outputs.scores() != null && scores != null) {
      outputs
          .scores()
          .sinkTo(KafkaSinks.scores(config.kafka(), sink, scores))
          .name("forecast scores")
          .uid(OperatorUids.FORECAST_SCORES);
    }
    String anomalies = config.anomalies().topic();
    if (outputs.anomalies() != null && anomalies != null) {
      outputs
          .anomalies()
          .sinkTo(KafkaSinks.anomalies(config.kafka(), sink, anomalies))
          .name("told anomalies")
          .uid(OperatorUids.TOLD_ANOMALIES);
    }
  }

  /**
   * @param channels names of what a series observes
   */
  private static void write(
      @Nullable DataStream<ClosedCell> cells,
      JobConfig config,
      SinkSettings.Kafka sink,
      List<String> channels) {
    String topic = config.cells().topic();
    if (cells != null && topic != null) {
      cells
          .sinkTo(KafkaSinks.cells(config.kafka(), sink, topic, channels))
          .name("cells")
          .uid(OperatorUids.CLOSED_CELLS);
    }
  }

  /** Shows what is forecast of the series that the job names, as metrics. */
  private static void show(DataStream<IssuedForecast> forecasts, JobConfig config) {
    if (config.gauges().isOn()) {
      forecasts
          .filter(new ChosenSeries(config.gauges()))
          .name("chosen forecasts")
          .uid(OperatorUids.CHOSEN_FORECASTS)
          .transform(
              "forecast gauges",
              Types.BOOLEAN,
              new ForecastGauges(config.gauges(), config.series().step(), MillisClock.SYSTEM))
          // There are few, and each is shown once.
          .setParallelism(1)
          .uid(OperatorUids.FORECAST_GAUGES);
    }
  }

  /**
   * Adds the job up to its sinks, with a model of the caller's, for who does something else with
   * what it makes.
   *
   * @throws ConfigException if configuration and model do not fit each other, or the configuration
   *     has others
   */
  public static Outputs outputs(
      StreamExecutionEnvironment env, JobConfig config, ForecasterFactory model) {
    return outputs(env, config, alone(config, model));
  }

  /** A model of a program's takes the place of that of {@code model.path}, and of no other. */
  private static ModelSlots alone(JobConfig config, ForecasterFactory model) {
    if (!config.model().others().isEmpty()) {
      refuse(List.of("must be left out where a program gives the job its only model: models"));
    }
    return ModelSlots.of(model, ModelFolder.whole(config.model().path()));
  }

  private static Outputs outputs(
      StreamExecutionEnvironment env, JobConfig config, ModelSlots models) {
    refuse(ModelFit.problems(config, models));
    Configuration settings = settings(config);
    if (((SinkSettings.Kafka) config.sink()).onLostTransaction() == LossPolicy.REPLAY) {
      keepCheckpointsOfAFailedJob(env.getConfiguration(), settings);
    }
    RocksDbDefaults.addTo(settings, env.getConfiguration());
    env.configure(settings);
    env.setParallelism(config.job().parallelism());
    JobConfig known = withSchema(config);
    return new Topology(known, models, MillisClock.SYSTEM).outputs(env, files(known));
  }

  /**
   * Returns the job with what must be asked of Kafka before its records can be read: which schema
   * they name, where the job file has one schema and does not say its id. Most jobs need nothing.
   *
   * @throws ConfigException if Kafka does not answer, or the records do not say it
   */
  public static JobConfig withSchema(JobConfig config) {
    return OneSchema.found(config);
  }

  /**
   * The models that the configuration names, read from their directories, held against the
   * configuration and each opened once for a trial. The job may run elsewhere, so that a GPU which
   * is not here is looked for where it does, and the models are tried on the processor.
   *
   * @throws ConfigException if they do not fit each other
   * @throws io.tidecast.runtime.manifest.ModelException if a model cannot be read or opened
   */
  public static ModelSlots slots(JobConfig config) {
    ReadModels models = ReadModels.of(config);
    List<String> missing = OnnxDevices.missing(config.model().device().device());
    for (ReadModels.Of one : models.all()) {
      if (missing.isEmpty()) {
        LOG.info(tried(one, one.model()));
      } else {
        String unused = tried(one, one.model().on(DeviceOptions.PROCESSOR));
      }
    }
    if (!missing.isEmpty()) {
      LOG.info(
          "{}. The GPU of model.device={} is looked for where the job runs; what is missing here: {}",
          OnnxDevices.build().sentence(),
          config.model().device().device(),
          String.join("; and ", missing));
    }
    return models.slots();
  }

  /** The default of {@link #slots}, for a job that has no other model. */
  public static ForecasterFactory model(JobConfig config) {
    return slots(config).byDefault().model();
  }

  /**
   * The same for a job that runs in this process, whose device must be here if it is required.
   *
   * @param says is told which ONNX Runtime was found and where each model runs, in one sentence
   * @throws io.tidecast.runtime.onnx.device.DeviceException if it is not
   */
  public static ModelSlots slotsHere(JobConfig config, Consumer<String> says) {
    ReadModels models = ReadModels.of(config);
    for (ReadModels.Of one : models.all()) {
      says.accept(tried(one, one.model()));
    }
    return models.slots();
  }

  /** Once here, so that a graph that does not load stops the start and not every restart. */
  private static String tried(ReadModels.Of one, SharedOnnxModel model) {
    try (Forecaster trial = model.openHere()) {
      String placed = trial.placement().sentence();
      return one.isDefault()
          ? "%s found; %s.".formatted(OnnxDevices.build().sentence(), placed)
          : "Model %s: %s.".formatted(one.name(), placed);
    }
  }

  /**
   * The CSV files that a job reads instead of topics, in their order; none where it does not.
   *
   * @throws ConfigException if one cannot be read or has not the columns of the mapping
   */
  public static List<Path> files(JobConfig config) {
    if (!(config.source().format() instanceof SourceFormat.Csv csv)) {
      return List.of();
    }
    CsvFiles files = CsvFiles.of(csv);
    refuse(files.problems());
    return files.files();
  }

  /**
   * Says how the job's files are read, and what is not wrong but may not be what was meant; a
   * sentence each.
   */
  public static List<String> notices(JobConfig config) {
    List<String> notices = new ArrayList<>(config.notices());
    if (config.source().format() instanceof SourceFormat.Csv csv) {
      notices.addAll(CsvFiles.of(csv).notices());
    }
    return notices;
  }

  /** Says how large a record of the forecast topic becomes at most, bytes. */
  public static long maxForecastBytes(JobConfig config, ModelSlots models) {
    return ModelFit.maxForecastBytes(config, models);
  }

  /**
   * Asks for a place for checkpoints. In the memory of the job manager, which is where Flink keeps
   * them if it is not told otherwise, they end at 5 MiB of a subtask's state: the job of a few
   * thousand series would never commit.
   *
   * @param cluster its settings, as far as they are known where the job is submitted
   * @throws ConfigException if there is none
   */
  static void requireCheckpointStorage(JobConfig config, ReadableConfig cluster) {
    String storage = cluster.get(CheckpointingOptions.CHECKPOINT_STORAGE);
    boolean ownStorage = storage != null && !NO_OWN_STORAGE.contains(storage);
    if (config.checkpoints().directory() == null
        && cluster.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).isEmpty()
        && !ownStorage) {
      throw new ConfigException(
          List.of(
              "must be given where Flink has no execution.checkpointing.dir: checkpoints.directory, such as s3://tidecast/checkpoints; checkpoints in memory end at 5 MiB"));
    }
  }

  /**
   * What a job makes.
   *
   * @param shadows forecasts beside those of the series, of shadows, and of members that are shown
   * @param events what happens to its models; null where they take no commands
   * @param scores of the forecasts; null where they are not scored
   * @param cells that have closed; null where they are not written
   * @param anomalies that the forecasts did not expect; null where none are looked for
   * @param commands by which the job swaps its models; null where it compares none
   */
  public record Outputs(
      DataStream<IssuedForecast> forecasts,
      DataStream<IssuedForecast> shadows,
      DataStream<Rejection> rejections,
      @Nullable DataStream<ModelEvent> events,
      @Nullable DataStream<ForecastScore> scores,
      @Nullable DataStream<ClosedCell> cells,
      @Nullable DataStream<Anomaly> anomalies,
      @Nullable DataStream<ModelCommand> commands) {}

  private static Configuration settings(JobConfig config) {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    // Elements are never changed once made, so operators of one chain may share them.
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    // An operator without a uid of its own could not be found in a savepoint of an earlier version.
    settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    settings.set(ExecutionOptions.BUFFER_TIMEOUT, config.job().bufferTimeout());
    settings.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpoints().interval());
    if (config.checkpoints().directory() != null) {
      settings.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY, config.checkpoints().directory().toString());
    }
    return settings;
  }

  /** A job that ends to be started from an earlier checkpoint must not take that with it. */
  private static void keepCheckpointsOfAFailedJob(ReadableConfig cluster, Configuration settings) {
    if (cluster.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION)
        == ExternalizedCheckpointRetention.NO_EXTERNALIZED_CHECKPOINTS) {
      settings.set(
          CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
          ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
    }
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
