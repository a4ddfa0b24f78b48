package io.tidecast.flink;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.grid.SeasonRule;
import io.tidecast.flink.history.CellSink;
import io.tidecast.flink.history.ReadSink;
import io.tidecast.flink.history.RejectionSink;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.record.ClosedCell;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.series.CellCloser;
import io.tidecast.flink.series.ContextNeed;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.series.WindowOperator;
import io.tidecast.flink.source.KafkaSources;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    rejected.sinkTo(new RejectionSink(folder)).name("rejected");
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
