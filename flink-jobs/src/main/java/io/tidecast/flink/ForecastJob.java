package io.tidecast.flink;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.CovariateRules;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobConfig.ChannelSeries;
import io.tidecast.flink.config.JobConfig.Delivery;
import io.tidecast.flink.config.JobConfig.OnFailure;
import io.tidecast.flink.config.JobConfig.Start;
import io.tidecast.flink.covariates.CovariateConfig;
import io.tidecast.flink.covariates.CovariateStage;
import io.tidecast.flink.format.SourceFormat;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.inference.AsyncForecast;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.ParsedRequest;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.flink.series.RequestedWindowOperator;
import io.tidecast.flink.series.WindowOperator;
import io.tidecast.flink.sink.DeadLetterSerializer;
import io.tidecast.flink.sink.ForecastSerializer;
import io.tidecast.flink.source.BoundedInput;
import io.tidecast.flink.source.EndOffsets;
import io.tidecast.flink.source.FiniteKafkaSource;
import io.tidecast.flink.source.IdleWatermarks;
import io.tidecast.flink.source.ObservationWatermarks;
import io.tidecast.flink.source.ParseMeasurements;
import io.tidecast.flink.source.ParseRequests;
import io.tidecast.flink.source.SplitChannels;
import io.tidecast.flink.source.csv.CsvFiles;
import io.tidecast.flink.source.csv.CsvSource;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job: observations from Kafka, parsed, put on the grid of their series, forecast, and back to
 * Kafka; what cannot be used goes to the dead-letter topic.
 */
public final class ForecastJob {

  private ForecastJob() {}

  /**
   * Runs the job on the cluster that submits it.
   *
   * @param args {@code --config} and the job file
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--config")) {
      throw new IllegalArgumentException(
          "arguments must be --config and the job file: " + List.of(args));
    }
    JobConfig config = JobConfig.load(Path.of(args[1]));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    build(env, config);
    env.execute(config.job().name());
  }

  /**
   * Adds the job to an environment, with the model that the configuration names.
   *
   * @throws ConfigException if configuration and model do not fit each other
   * @throws io.tidecast.runtime.manifest.ModelException if the model cannot be read
   */
  public static void build(StreamExecutionEnvironment env, JobConfig config) {
    build(env, config, model(config));
  }

  /**
   * Adds the job to an environment, with a model of the caller's: for instance {@link #model}
   * wrapped in something that fails when a test wants it to (an {@link Error} thrown by its
   * forecaster fails the task).
   *
   * @throws ConfigException if configuration and model do not fit each other
   */
  public static void build(
      StreamExecutionEnvironment env, JobConfig config, ForecasterFactory model) {
    Outputs outputs = outputs(env, config, model);
    ForecastSerializer forecasts =
        new ForecastSerializer(
            config.sink().topic(), model.spec(), config.series().step().millis());
    outputs
        .forecasts()
        .sinkTo(sink(config, "forecasts", forecasts))
        .name("forecasts")
        .uid(OperatorUids.FORECASTS);
    DeadLetterSerializer deadLetters = new DeadLetterSerializer(config.deadLetters().topic());
    outputs
        .rejections()
        .sinkTo(sink(config, "dead-letters", deadLetters))
        .name("dead letters")
        .uid(OperatorUids.DEAD_LETTERS);
  }

  /**
   * Adds the job up to its sinks, for who does something else with what it makes.
   *
   * @throws ConfigException if configuration and model do not fit each other
   */
  public static Outputs outputs(
      StreamExecutionEnvironment env, JobConfig config, ForecasterFactory model) {
    List<String> problems = new ArrayList<>(problems(config, model.spec(), model.channels()));
    problems.addAll(HorizonRules.problems(config, model.spec()));
    refuse(problems);
    env.configure(settings(config));
    env.setParallelism(config.job().parallelism());
    DataStream<ParsedRequest> queries =
        config.requests().isOn()
            ? env.fromSource(
                    requests(config, model.spec()), WatermarkStrategy.noWatermarks(), "requests")
                .uid(OperatorUids.REQUESTS)
            : null;
    Inputs inputs =
        new Inputs(
            read(env, config), queries, covariates(env, config, model.spec().predictionLength()));
    return connect(inputs, config, model, MillisClock.SYSTEM);
  }

  /**
   * The model that the configuration names, read from its directory, held against the configuration
   * and opened once for a trial.
   *
   * @throws ConfigException if they do not fit each other
   * @throws io.tidecast.runtime.manifest.ModelException if the model cannot be read or opened
   */
  public static ForecasterFactory model(JobConfig config) {
    ModelBundle bundle = ModelBundle.read(config.model().path());
    ModelManifest manifest = bundle.manifest();
    int horizon = HorizonRules.steps(config, manifest);
    List<String> problems = new ArrayList<>(HorizonRules.problems(config, manifest));
    problems.addAll(problems(config, manifest.spec(horizon), ModelChannels.of(manifest)));
    manifest
        .fixedStep()
        .filter(step -> !step.equals(config.series().step().length()))
        .ifPresent(
            step ->
                problems.add(
                    "must be the model's %s: series.step=%s"
                        .formatted(step, config.series().step().length())));
    refuse(problems);
    ForecasterFactory model =
        new SharedOnnxModel(bundle, new OnnxOptions(config.model().intraOpThreads()), horizon);
    // Once here, so that a graph that does not load stops the start and not every restart.
    model.open().close();
    return model;
  }

  private static List<String> problems(
      JobConfig config, ForecasterSpec spec, ModelChannels channels) {
    List<String> problems = new ArrayList<>(ModelRules.problems(config, spec));
    problems.addAll(CovariateRules.problems(config, spec, channels));
    return problems;
  }

  /**
   * The CSV files that a job reads instead of topics, in their order; none where it does not.
   *
   * @throws ConfigException if one cannot be read or has not the columns of the mapping
   */
  public static List<Path> files(JobConfig config) {
    return config.source().format() instanceof SourceFormat.Csv csv ? CsvFiles.of(csv) : List.of();
  }

  /** What the sources give; in a job that ends by itself, no more than their stream would. */
  static DataStream<ParsedMeasurement> read(StreamExecutionEnvironment env, JobConfig config) {
    ParseMeasurements parser = new ParseMeasurements(config, MillisClock.SYSTEM);
    JobConfig.Source settings = config.source();
    ObservationWatermarks watermarks = new ObservationWatermarks(settings, MillisClock.SYSTEM);
    SingleOutputStreamOperator<ParsedMeasurement> parsed;
    boolean files = settings.format() instanceof SourceFormat.Csv;
    if (files) {
      List<String> paths = files(config).stream().map(Path::toString).toList();
      parsed =
          env.fromSource(new CsvSource(paths, parser), watermarks, "observations")
              .setParallelism(1);
    } else {
      KafkaSource<ParsedMeasurement> kafka = source(config, parser);
      parsed =
          env.fromSource(
              settings.isBounded() ? new FiniteKafkaSource(kafka) : kafka,
              watermarks,
              "observations");
    }
    parsed.uid(OperatorUids.OBSERVATIONS);
    return settings.isBounded()
        ? parsed
            .transform(
                "bounded input",
                TypeInformation.of(ParsedMeasurement.class),
                new BoundedInput(
                    settings.maxOutOfOrderness().toMillis(), files, watermarks.latest()))
            .setParallelism(parsed.getParallelism())
            .uid(OperatorUids.BOUNDED_INPUT)
        : parsed;
  }

  /**
   * What comes in.
   *
   * @param queries null where no forecasts are made on request
   * @param covariates null where no topic has any
   */
  record Inputs(
      DataStream<ParsedMeasurement> observations,
      DataStream<ParsedRequest> queries,
      DataStream<ParsedMeasurement> covariates) {}

  /** The job between its sources and its sinks. */
  static Outputs connect(
      Inputs inputs, JobConfig config, ForecasterFactory model, MillisClock clock) {
    ForecasterSpec spec = model.spec();
    DataStream<ParsedMeasurement> parsed = inputs.observations();
    SingleOutputStreamOperator<Measurement> accepted =
        parsed
            .process(
                new SplitRejected<Measurement, ParsedMeasurement>(),
                TypeInformation.of(Measurement.class))
            // With the source, or the order of its records would be lost on the way.
            .setParallelism(parsed.getParallelism())
            .name("parse")
            .uid(OperatorUids.PARSE);
    ChannelSeries channels = config.source().channels();
    DataStream<Measurement> measurements =
        channels == null
            ? accepted
            : accepted
                .flatMap(new SplitChannels(channels), TypeInformation.of(Measurement.class))
                .setParallelism(parsed.getParallelism())
                .name("channels")
                .uid(OperatorUids.CHANNELS);
    KeyedStream<Measurement, String> bySeries =
        measurements.keyBy(Measurement::series, Types.STRING);
    CellCloser window =
        new CellCloser(config, spec, ModelRules.fillSeasonCells(config, spec), clock);
    SingleOutputStreamOperator<ForecastRequest> good = null;
    SingleOutputStreamOperator<ForecastTask> requests;
    if (inputs.queries() == null) {
      requests =
          bySeries.transform(
              "window", StateTypes.FORECAST_TASK, new WindowOperator(config, window, clock));
    } else {
      good =
          inputs
              .queries()
              .process(
                  new SplitRejected<ForecastRequest, ParsedRequest>(),
                  TypeInformation.of(ForecastRequest.class))
              .name("parse requests")
              .uid(OperatorUids.PARSE_REQUESTS);
      requests =
          bySeries
              .connect(good.keyBy(ForecastRequest::series, Types.STRING))
              .transform(
                  "window",
                  StateTypes.FORECAST_TASK,
                  new RequestedWindowOperator(config, window, clock));
    }
    requests.uid(OperatorUids.WINDOW);
    InferenceOptions options = inference(config, spec);
    CovariateStage.Result complete =
        CovariateStage.add(requests, inputs.covariates(), config, model, clock);
    SingleOutputStreamOperator<IssuedForecast> forecasts =
        AsyncDataStream.orderedWait(
                complete.requests(),
                new AsyncForecast(model, options, clock),
                options.timeout().toMillis(),
                TimeUnit.MILLISECONDS,
                // One batch under way, one being filled.
                2 * options.maxBatchSize())
            .returns(ForecastOutcome.class)
            .name("forecast")
            .uid(OperatorUids.FORECAST)
            .process(
                new SplitRejected<IssuedForecast, ForecastOutcome>(),
                TypeInformation.of(IssuedForecast.class))
            .name("split failed")
            .uid(OperatorUids.SPLIT_FAILED);
    DataStream<Rejection> rejections =
        accepted
            .getSideOutput(SplitRejected.REJECTED)
            .union(
                requests.getSideOutput(SplitRejected.REJECTED),
                forecasts.getSideOutput(SplitRejected.REJECTED));
    for (DataStream<Rejection> more : complete.rejections()) {
      rejections = rejections.union(more);
    }
    return new Outputs(
        forecasts,
        good == null ? rejections : rejections.union(good.getSideOutput(SplitRejected.REJECTED)));
  }

  public static InferenceOptions inference(JobConfig config, ForecasterSpec spec) {
    return new InferenceOptions(
        config.model().maxBatchSize(),
        config.model().retries(),
        config.model().timeout(),
        config.model().onFailure() == OnFailure.FALLBACK,
        config.series().step(),
        ModelRules.seasonSteps(config, spec));
  }

  /** What a job makes. */
  public record Outputs(DataStream<IssuedForecast> forecasts, DataStream<Rejection> rejections) {}

  private static Configuration settings(JobConfig config) {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    // Elements are never changed once made, so operators of one chain may share them.
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    // An operator without a uid of its own could not be found in a savepoint of an earlier version.
    settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    settings.set(
        CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpoints().interval());
    if (config.checkpoints().directory() != null) {
      settings.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY, config.checkpoints().directory().toString());
    }
    return settings;
  }

  private static KafkaSource<ParsedRequest> requests(JobConfig config, ForecasterSpec spec) {
    return ForecastJob.<ParsedRequest>source(config, config.job().name() + "-requests")
        .setStartingOffsets(offsets(Start.COMMITTED))
        .setDeserializer(
            new ParseRequests(
                spec.horizon(), config.deadLetters().maxValueBytes(), MillisClock.SYSTEM))
        .setTopics(config.requests().topic())
        .build();
  }

  private static KafkaSource<ParsedMeasurement> source(JobConfig config, ParseMeasurements parser) {
    KafkaSourceBuilder<ParsedMeasurement> source =
        ForecastJob.<ParsedMeasurement>source(config, config.job().name())
            .setStartingOffsets(offsets(config.source().start()))
            .setDeserializer(parser);
    JobConfig.Stop stop = config.source().stop();
    switch (stop.kind()) {
      case NEVER -> {}
      case LATEST -> source.setBounded(new EndOffsets());
      case TIME -> source.setBounded(OffsetsInitializer.timestamp(stop.time().toEpochMilli()));
    }
    JobConfig.Topics topics = config.source().topics();
    return topics.pattern() == null
        ? source.setTopics(topics.names()).build()
        : source.setTopicPattern(Pattern.compile(topics.pattern())).build();
  }

  /** The values of future covariates; null where no topic has any. */
  private static DataStream<ParsedMeasurement> covariates(
      StreamExecutionEnvironment env, JobConfig config, int predictionLength) {
    CovariateConfig.Feed feed = config.covariates().feed();
    if (feed == null) {
      return null;
    }
    long maxFutureMillis = CovariateRules.maxFuture(config, predictionLength).toMillis();
    KafkaSource<ParsedMeasurement> source =
        ForecastJob.<ParsedMeasurement>source(config, config.job().name() + "-covariates")
            // Values of the time ahead were written before now.
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new ParseMeasurements(config, maxFutureMillis, MillisClock.SYSTEM))
            .setTopics(feed.topic())
            .build();
    SingleOutputStreamOperator<ParsedMeasurement> parsed =
        env.fromSource(source, new IdleWatermarks(), "covariate records")
            .uid(OperatorUids.COVARIATE_RECORDS);
    // What every subtask keeps must reach all of them in one order.
    return feed.keyedBy() == CovariateConfig.KeyedBy.SERIES ? parsed : parsed.setParallelism(1);
  }

  private static <T> KafkaSourceBuilder<T> source(JobConfig config, String clientIdPrefix) {
    Properties properties = new Properties();
    // What an aborted transaction of a producer wrote never happened.
    properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.putAll(config.kafka().properties());
    return KafkaSource.<T>builder()
        .setBootstrapServers(config.kafka().bootstrapServers())
        .setGroupId(config.source().groupId())
        .setClientIdPrefix(clientIdPrefix)
        .setProperties(properties);
  }

  @SuppressWarnings("deprecation") // The connector takes no other type.
  private static OffsetsInitializer offsets(Start start) {
    return switch (start) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
    };
  }

  private static <T> KafkaSink<T> sink(
      JobConfig config, String name, KafkaRecordSerializationSchema<T> serializer) {
    Properties properties = new Properties();
    properties.putAll(config.kafka().properties());
    // The connector's own default is an hour, which a broker refuses unless its limit was raised.
    properties.setProperty(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        String.valueOf(config.sink().transactionTimeout().toMillis()));
    return KafkaSink.<T>builder()
        .setBootstrapServers(config.kafka().bootstrapServers())
        .setKafkaProducerConfig(properties)
        .setDeliveryGuarantee(
            config.sink().delivery() == Delivery.EXACTLY_ONCE
                ? DeliveryGuarantee.EXACTLY_ONCE
                : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(config.sink().transactionalIdPrefix() + "-" + name)
        .setRecordSerializer(serializer)
        .build();
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
