package io.tidecast.flink;

import io.tidecast.flink.commands.CommandOffsets;
import io.tidecast.flink.commands.ParseCommands;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.covariates.CovariateStage;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.inference.CommandedForecastOperatorFactory;
import io.tidecast.flink.inference.CommandedModels;
import io.tidecast.flink.inference.ForecastOperatorFactory;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.model.BaselineVersions;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvents;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SharedVersions;
import io.tidecast.flink.model.VersionReader;
import io.tidecast.flink.promotion.PromotionOperator;
import io.tidecast.flink.record.ForecastRequest;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedCommand;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.ParsedRequest;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.flink.series.RequestedWindowOperator;
import io.tidecast.flink.series.SeriesCost;
import io.tidecast.flink.series.WindowOperator;
import io.tidecast.flink.sink.SinkSettings;
import io.tidecast.flink.source.IdleWatermarks;
import io.tidecast.flink.source.KafkaSources;
import io.tidecast.flink.source.ParseRequests;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** The operators of a job, and what flows from which to which. */
final class Topology {

  private final JobConfig config;
  private final ModelSlots models;
  private final ForecasterFactory model;
  private final MillisClock clock;
  private final Answering answering;
  private final Front front;

  Topology(JobConfig config, ModelSlots models, MillisClock clock) {
    this.config = config;
    this.models = models;
    this.model = models.byDefault().model();
    this.clock = clock;
    this.answering = new Answering(config, models, clock);
    this.front = new Front(config, clock);
  }

  /**
   * What comes in.
   *
   * @param requests null where no forecasts are made on request
   * @param covariates null where no topic has any
   * @param commands null where the models of the job take none
   */
  record Inputs(
      DataStream<ParsedMeasurement> observations,
      @Nullable DataStream<ParsedRequest> requests,
      @Nullable DataStream<ParsedMeasurement> covariates,
      @Nullable DataStream<ParsedCommand> commands) {}

  /**
   * The job between its brokers' topics, or files, and its sinks.
   *
   * @param files what is read instead of topics; empty where topics are
   */
  ForecastJob.Outputs outputs(StreamExecutionEnvironment env, List<Path> files) {
    KafkaSources kafka =
        new KafkaSources(config.kafka(), config.source().groupId(), config.job().name());
    return connect(
        new Inputs(
            front.observations(env, kafka, files),
            requests(env, kafka),
            covariates(env, kafka),
            commands(env, kafka)));
  }

  /** Requests for forecasts; null where there are none. */
  private @Nullable DataStream<ParsedRequest> requests(
      StreamExecutionEnvironment env, KafkaSources kafka) {
    String topic = config.requests().topic();
    if (topic == null) {
      return null;
    }
    ParseRequests parser =
        new ParseRequests(
            ModelFit.longestHorizon(models),
            config.deadLetters().maxValueBytes(),
            config.source().passed(),
            clock);
    return env.fromSource(
            kafka.requests(topic, parser), WatermarkStrategy.noWatermarks(), "requests")
        .uid(OperatorUids.REQUESTS);
  }

  /** The values of future covariates; null where no topic has any. */
  private @Nullable DataStream<ParsedMeasurement> covariates(
      StreamExecutionEnvironment env, KafkaSources kafka) {
    Feed feed = config.covariates().feed();
    if (feed == null) {
      return null;
    }
    SingleOutputStreamOperator<ParsedMeasurement> parsed =
        env.fromSource(
                kafka.covariates(
                    feed.topic(), JobParsers.covariates(config, feed, model.spec(), clock)),
                new IdleWatermarks<>(),
                "covariate records")
            .uid(OperatorUids.COVARIATE_RECORDS);
    // What every subtask keeps must reach all of them in one order.
    return feed.keyedBy() == KeyedBy.SERIES ? parsed : parsed.setParallelism(1);
  }

  /** Commands for the models of the job; null where they take none. */
  private @Nullable DataStream<ParsedCommand> commands(
      StreamExecutionEnvironment env, KafkaSources kafka) {
    String topic = config.commands().topic();
    return topic == null
        ? null
        : env.fromSource(
                kafka.commands(
                    topic,
                    new CommandOffsets(topic, clock.millis()),
                    new ParseCommands(config.deadLetters().maxValueBytes(), clock)),
                new IdleWatermarks<>(),
                "model commands")
            // All subtasks must have them in one order.
            .setParallelism(1)
            .uid(OperatorUids.MODEL_COMMANDS);
  }

  private Duration maxFuture(Feed feed) {
    return ModelFit.maxFuture(config, feed, model.spec().predictionLength());
  }

  /** The job between its sources and its sinks. */
  ForecastJob.Outputs connect(Inputs inputs) {
    SingleOutputStreamOperator<Measurement> accepted = front.accepted(inputs.observations());
    KeyedStream<Measurement, String> bySeries =
        front.channels(accepted).keyBy(Measurement::series, Types.STRING);
    SingleOutputStreamOperator<ForecastRequest> requests = acceptedRequests(inputs.requests());
    SingleOutputStreamOperator<ForecastTask> tasks = tasks(bySeries, requests);
    CovariateStage.Result complete =
        CovariateStage.add(tasks, inputs.covariates(), covariateSetup(), model, clock);
    SingleOutputStreamOperator<ModelCommand> commands = acceptedCommands(inputs.commands());
    SingleOutputStreamOperator<IssuedForecast> forecasts =
        forecasts(complete.requests(), commands == null ? null : commands.broadcast());
    Answering.Result answered = answering.answer(tasks, forecasts);
    DataStream<Rejection> rejections =
        accepted
            .getSideOutput(SplitRejected.REJECTED)
            .union(
                tasks.getSideOutput(SplitRejected.REJECTED),
                forecasts.getSideOutput(SplitRejected.REJECTED));
    for (DataStream<Rejection> more : complete.rejections()) {
      rejections = rejections.union(more);
    }
    if (requests != null) {
      rejections = rejections.union(requests.getSideOutput(SplitRejected.REJECTED));
    }
    if (commands != null) {
      rejections = rejections.union(commands.getSideOutput(SplitRejected.REJECTED));
    }
    return new ForecastJob.Outputs(
        answered.forecasts(),
        answered.beside(),
        rejections,
        commands == null ? null : events(forecasts, answered.decisions()),
        answered.scores(),
        answered.cells(),
        answered.anomalies(),
        answered.decisions() == null
            ? null
            : answered.decisions().getSideOutput(PromotionOperator.COMMANDS));
  }

  /** What happens to models, and what is decided about them. */
  private static DataStream<ModelEvent> events(
      SingleOutputStreamOperator<IssuedForecast> forecasts,
      @Nullable DataStream<ModelEvent> decisions) {
    DataStream<ModelEvent> events = forecasts.getSideOutput(ModelEvents.EVENTS);
    return decisions == null ? events : events.union(decisions);
  }

  private static @Nullable SingleOutputStreamOperator<ForecastRequest> acceptedRequests(
      @Nullable DataStream<ParsedRequest> parsed) {
    return parsed == null
        ? null
        : parsed
            .process(
                new SplitRejected<ForecastRequest, ParsedRequest>(),
                TypeInformation.of(ForecastRequest.class))
            .name("parse requests")
            .uid(OperatorUids.PARSE_REQUESTS);
  }

  private static @Nullable SingleOutputStreamOperator<ModelCommand> acceptedCommands(
      @Nullable DataStream<ParsedCommand> parsed) {
    return parsed == null
        ? null
        : parsed
            .process(
                new SplitRejected<ModelCommand, ParsedCommand>(),
                TypeInformation.of(ModelCommand.class))
            // With the source, or the order of its records would be lost on the way.
            .setParallelism(1)
            .name("parse commands")
            .uid(OperatorUids.PARSE_COMMANDS);
  }

  /** What a series takes where it is kept, with all that answers for its forecasts. */
  SeriesCost seriesCost() {
    return SeriesCost.of(config.series(), closer(), answering.bytesOfASeries());
  }

  private CellCloser closer() {
    CellCloser closer = new CellCloser(config.series(), ModelFit.needs(config, models), clock);
    if (answering.isUrgent()) {
      closer.tellAtOnce();
    }
    return closer;
  }

  private SingleOutputStreamOperator<ForecastTask> tasks(
      KeyedStream<Measurement, String> bySeries, @Nullable DataStream<ForecastRequest> requests) {
    CellCloser closer = closer();
    TypeInformation<ForecastTask> type = StateTypes.FORECAST_TASK;
    SingleOutputStreamOperator<ForecastTask> tasks;
    if (requests == null) {
      WindowOperator window = new WindowOperator(config.series(), closer, clock);
      answering.watch(window);
      tasks = bySeries.transform("window", type, window);
    } else {
      RequestedWindowOperator window = new RequestedWindowOperator(config.series(), closer, clock);
      answering.watch(window);
      tasks =
          bySeries
              .connect(requests.keyBy(ForecastRequest::series, Types.STRING))
              .transform("window", type, window);
    }
    return tasks.uid(OperatorUids.WINDOW);
  }

  private CovariateStage.Setup covariateSetup() {
    Feed feed = config.covariates().feed();
    return new CovariateStage.Setup(
        config.covariates(),
        config.series(),
        feed == null ? null : maxFuture(feed),
        ModelFit.needs(config, models));
  }

  /**
   * Forecasts, and on the side output of {@link ModelEvents} what happens to models.
   *
   * @param commands all of them for every subtask; null where the models take none
   */
  SingleOutputStreamOperator<IssuedForecast> forecasts(
      DataStream<ForecastTask> tasks, @Nullable DataStream<ModelCommand> commands) {
    InferenceOptions options =
        new InferenceOptions(
            config.inference(), config.series().step(), ModelFit.seasonRule(config));
    TypeInformation<IssuedForecast> type = StateTypes.ISSUED_FORECAST;
    SingleOutputStreamOperator<IssuedForecast> forecasts =
        commands == null
            ? tasks.transform("forecast", type, new ForecastOperatorFactory(models, options, clock))
            : tasks
                .connect(commands)
                .transform(
                    "forecast",
                    type,
                    new CommandedForecastOperatorFactory(commanded(), options, clock));
    return forecasts.uid(OperatorUids.FORECAST);
  }

  /** The models, with what reads further versions for each slot. */
  private CommandedModels commanded() {
    Map<String, VersionReader> readers = new HashMap<>();
    ModelFit.rules(config, models)
        .forEach(
            (slot, rules) ->
                readers.put(
                    slot, reader(slot, new SharedVersions(ReadModels.options(config), rules))));
    boolean takeShadows = ((SinkSettings.Kafka) config.sink()).shadowTopic() != null;
    return new CommandedModels(models, readers, takeShadows, StateTypes.KEPT_SLOT);
  }

  /** Reads versions from folders, and knows the seasonal naive, which has none. */
  private VersionReader reader(String name, VersionReader folders) {
    ForecasterFactory its =
        models.all().stream()
            .filter(slot -> slot.name().equals(name))
            .findFirst()
            .orElseThrow()
            .model();
    return new BaselineVersions(
        its, ModelFit.seasonRule(config).steps(its.spec().contextLength()), folders);
  }
}
