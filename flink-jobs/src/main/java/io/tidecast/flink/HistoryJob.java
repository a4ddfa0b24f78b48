package io.tidecast.flink;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.flink.history.CellSink;
import io.tidecast.flink.history.ReadSink;
import io.tidecast.flink.history.RejectionSink;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.flink.series.ContextNeed;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.series.WindowOperator;
import io.tidecast.flink.source.FiniteKafkaSource;
import io.tidecast.flink.source.KafkaSources;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.OutputTag;

/**
 * The front of a job, from its sources to the cells of its series, once over all that there is up
 * to now. It knows no model, writes to no topic and commits no offset.
 */
public final class HistoryJob {

  private static final OutputTag<ClosedCell> CELLS =
      new OutputTag<>("history-cells", StateTypes.CLOSED_CELL);

  /** How far ahead covariates may be is a month at least, whatever the horizon. */
  private static final int SOME_HORIZON = 1;

  private HistoryJob() {}

  /**
   * Adds it to an environment; {@link io.tidecast.flink.history.History#of} reads what it writes.
   *
   * @param contextLength cells that the model takes, or will: a job that keeps more of a series
   *     takes what comes later
   * @param folder that the cells are written to
   * @throws ConfigException if a file of the job cannot be read
   */
  public static void build(
      StreamExecutionEnvironment env, JobConfig config, int contextLength, Path folder) {
    JobConfig history = OneSchema.found(config.ofHistory());
    env.configure(settings());
    env.setParallelism(history.job().parallelism());
    MillisClock clock = MillisClock.SYSTEM;
    Front front = new Front(history, clock);
    KafkaSources kafka =
        new KafkaSources(history.kafka(), history.source().groupId(), history.job().name());
    SingleOutputStreamOperator<Measurement> accepted =
        front.accepted(front.observations(env, kafka, ForecastJob.files(history)));
    accepted
        .sinkTo(new ReadSink(folder))
        .setParallelism(accepted.getParallelism())
        .name("what was read");
    SeriesSettings series = history.series().ofCells();
    ContextNeed need = new ContextNeed(contextLength, contextLength, 1);
    WindowOperator window =
        new WindowOperator(
            series,
            CellCloser.ofExactCells(
                series, new ContextNeeds(contextLength, need, List.of()), clock),
            clock);
    window.watchCells(CELLS, 0);
    SingleOutputStreamOperator<ForecastTask> closed =
        front
            .channels(accepted)
            .keyBy(Measurement::series, Types.STRING)
            .transform("window", StateTypes.FORECAST_TASK, window)
            .uid(OperatorUids.WINDOW);
    closed.getSideOutput(CELLS).sinkTo(new CellSink(folder)).name("cells");
    DataStream<Rejection> rejected =
        accepted
            .getSideOutput(SplitRejected.REJECTED)
            .union(closed.getSideOutput(SplitRejected.REJECTED));
    Feed feed = history.covariates().feed();
    if (feed != null) {
      SingleOutputStreamOperator<Measurement> values = covariates(env, kafka, history, feed);
      GridStep step = series.step();
      values
          .map(
              value ->
                  new ClosedCell(
                      value.series(),
                      step.startMillis(step.cell(value.timeMillis())),
                      value.values(),
                      false))
          .returns(StateTypes.CLOSED_CELL)
          .setParallelism(1)
          .sinkTo(new CellSink(covariates(folder)))
          .setParallelism(1)
          .name("covariates");
      rejected = rejected.union(values.getSideOutput(SplitRejected.REJECTED));
    }
    rejected.sinkTo(new RejectionSink(folder)).name("rejected");
  }

  /** The folder of the covariates of a history, which must be there where a topic has some. */
  public static Path covariates(Path folder) {
    return folder.resolve("covariates");
  }

  /** All that there are now, in their order. */
  private static SingleOutputStreamOperator<Measurement> covariates(
      StreamExecutionEnvironment env, KafkaSources kafka, JobConfig config, Feed feed) {
    return env.fromSource(
            new FiniteKafkaSource(
                kafka.knownCovariates(
                    feed.topic(),
                    JobParsers.covariates(
                        config,
                        feed,
                        ModelFit.maxFuture(config, feed, SOME_HORIZON),
                        MillisClock.SYSTEM))),
            WatermarkStrategy.noWatermarks(),
            "covariate records")
        .setParallelism(1)
        .process(new SplitRejected<Measurement, ParsedMeasurement>(), StateTypes.MEASUREMENT)
        .setParallelism(1)
        .name("parse covariates");
  }

  /**
   * What the job asks of its series before a model is asked.
   *
   * @param spec of the model
   */
  public static ContextNeed need(JobConfig config, ForecasterSpec spec) {
    Integer given = config.series().coldStart().minContext();
    int context = spec.contextLength();
    return new ContextNeed(
        context,
        given == null ? context : Math.min(given, context),
        FitRules.fillCells(
            new SeasonRule(config.series().step().length(), config.model().season()), spec));
  }

  /**
   * What is wrong between a job and a model that it might be given, a sentence each.
   *
   * @param manifest of that model
   */
  public static List<String> problems(JobConfig config, ModelManifest manifest) {
    ModelFit fit = ModelFit.of(config, List.of(manifest));
    List<String> problems = new ArrayList<>(fit.jobProblems());
    problems.addAll(fit.problems(ModelSlot.DEFAULT, manifest));
    return problems;
  }

  private static Configuration settings() {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    // It begins anew with the command that runs it.
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    return settings;
  }
}
