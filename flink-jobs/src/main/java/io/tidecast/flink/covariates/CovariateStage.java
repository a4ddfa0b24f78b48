package io.tidecast.flink.covariates;

import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.covariates.CovariateConfig.Feed;
import io.tidecast.flink.covariates.CovariateConfig.KeyedBy;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** The part of the job that adds future covariates to windows. */
public final class CovariateStage {

  /** Windows with all that the model takes, and what became of bad values. */
  public record Result(DataStream<ForecastTask> requests, List<DataStream<Rejection>> rejections) {}

  private CovariateStage() {}

  /**
   * @param parsed values of covariates; null where no topic has any
   * @return the same windows where the model takes no future covariates
   */
  public static Result add(
      DataStream<ForecastTask> requests,
      DataStream<ParsedMeasurement> parsed,
      JobConfig config,
      ForecasterFactory model,
      MillisClock clock) {
    if (config.covariates().isEmpty()) {
      return new Result(requests, List.of());
    }
    CovariateMerge merge = new CovariateMerge(config, model.spec(), model.channels());
    if (config.covariates().feed() == null) {
      return new Result(
          requests
              .map(new AddCalendarCovariates(merge))
              .returns(StateTypes.FORECAST_TASK)
              .name("covariates")
              .uid(OperatorUids.COVARIATES),
          List.of());
    }
    SingleOutputStreamOperator<Measurement> values =
        parsed
            .process(
                new SplitRejected<Measurement, ParsedMeasurement>(),
                TypeInformation.of(Measurement.class))
            .name("parse covariates")
            .uid(OperatorUids.PARSE_COVARIATES)
            .setParallelism(parsed.getParallelism());
    SingleOutputStreamOperator<ForecastTask> complete =
        join(requests, values, merge, config, model.spec(), clock)
            .name("covariates")
            .uid(OperatorUids.COVARIATES);
    return new Result(
        complete,
        List.of(
            values.getSideOutput(SplitRejected.REJECTED),
            complete.getSideOutput(SplitRejected.REJECTED)));
  }

  private static SingleOutputStreamOperator<ForecastTask> join(
      DataStream<ForecastTask> requests,
      DataStream<Measurement> values,
      CovariateMerge merge,
      JobConfig config,
      ForecasterSpec spec,
      MillisClock clock) {
    Feed feed = config.covariates().feed();
    CovariateGrid grid = CovariateGrid.of(config, spec.contextLength(), spec.predictionLength());
    LateCovariates late =
        new LateCovariates(grid.step(), config.deadLetters().maxValueBytes(), clock);
    if (feed.keyedBy() == KeyedBy.SERIES) {
      return requests
          .keyBy(ForecastTask::series, Types.STRING)
          .connect(values.keyBy(Measurement::series, Types.STRING))
          .process(
              new SeriesCovariates(grid, merge, feed.waiting(), late), StateTypes.FORECAST_TASK);
    }
    return requests
        .keyBy(ForecastTask::series, Types.STRING)
        .connect(values.broadcast(SharedCovariates.STATE))
        .process(new SharedCovariates(grid, merge, feed.waiting(), late), StateTypes.FORECAST_TASK);
  }
}
