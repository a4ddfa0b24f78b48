package io.tidecast.flink.covariates;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.covariates.CovariateSettings.Feed;
import io.tidecast.flink.covariates.CovariateSettings.KeyedBy;
import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Measurement;
import io.tidecast.flink.record.ParsedMeasurement;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.record.SplitRejected;
import io.tidecast.flink.series.ContextNeeds;
import io.tidecast.flink.series.SeriesGrid;
import io.tidecast.flink.series.SeriesSettings;
import io.tidecast.flink.state.OperatorUids;
import io.tidecast.flink.state.StateTypes;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.jspecify.annotations.Nullable;

/** The part of the job that adds future covariates to windows. */
public final class CovariateStage {

  /** Windows with all that the model takes, and what became of bad values. */
  public record Result(DataStream<ForecastTask> requests, List<DataStream<Rejection>> rejections) {}

  /**
   * What the stage goes by.
   *
   * @param maxFuture how far ahead of the clock the time of values may lie; null where no topic has
   *     any
   * @param needs of the models that answer the series
   */
  public record Setup(
      CovariateSettings covariates,
      SeriesSettings series,
      @Nullable Duration maxFuture,
      ContextNeeds needs) {}

  private CovariateStage() {}

  /**
   * @param parsed values of covariates; null where no topic has any
   * @return the same windows where the model takes no future covariates
   */
  public static Result add(
      DataStream<ForecastTask> requests,
      @Nullable DataStream<ParsedMeasurement> parsed,
      Setup setup,
      ForecasterFactory model,
      MillisClock clock) {
    if (setup.covariates().isEmpty()) {
      return new Result(requests, List.of());
    }
    List<String> names = model.channels().futureCovariates();
    SeriesSettings series = setup.series();
    CovariateMerge merge =
        new CovariateMerge(
            new CovariateSources(setup.covariates(), series.step(), names),
            series,
            setup.needs(),
            model);
    if (setup.covariates().feed() == null) {
      return new Result(
          requests
              .map(new AddCalendarCovariates(merge))
              .returns(StateTypes.FORECAST_TASK)
              .name("covariates")
              .uid(OperatorUids.COVARIATES),
          List.of());
    }
    requireNonNull(parsed, "parsed is null");
    SingleOutputStreamOperator<Measurement> values =
        parsed
            .process(new SplitRejected<Measurement, ParsedMeasurement>(), StateTypes.MEASUREMENT)
            .name("parse covariates")
            .uid(OperatorUids.PARSE_COVARIATES)
            .setParallelism(parsed.getParallelism());
    SingleOutputStreamOperator<ForecastTask> complete =
        join(requests, values, setup, merge, clock).name("covariates").uid(OperatorUids.COVARIATES);
    return new Result(
        complete,
        List.of(
            values.getSideOutput(SplitRejected.REJECTED),
            complete.getSideOutput(SplitRejected.REJECTED)));
  }

  private static SingleOutputStreamOperator<ForecastTask> join(
      DataStream<ForecastTask> requests,
      DataStream<Measurement> values,
      Setup setup,
      CovariateMerge merge,
      MillisClock clock) {
    // The windows come from an operator that is keyed by series as well: they are where they
    // belong.
    KeyedStream<ForecastTask, String> bySeries =
        DataStreamUtils.reinterpretAsKeyedStream(requests, ForecastTask::series, Types.STRING);
    Feed feed = requireNonNull(setup.covariates().feed(), "feed is null");
    Duration maxFuture = requireNonNull(setup.maxFuture(), "maxFuture is null");
    SeriesSettings series = setup.series();
    int seriesCells = SeriesGrid.of(series, setup.needs().cells()).capacity();
    CovariateGrid grid = CovariateGrid.of(series.step(), feed, maxFuture, seriesCells);
    LateCovariates late = new LateCovariates(grid.step(), clock);
    if (feed.keyedBy() == KeyedBy.SERIES) {
      return bySeries
          .connect(values.keyBy(Measurement::series, Types.STRING))
          .process(
              new SeriesCovariates(grid, merge, feed.waiting(), late), StateTypes.FORECAST_TASK);
    }
    return bySeries
        .connect(values.broadcast(SharedCovariates.STATE))
        .process(new SharedCovariates(grid, merge, feed, late), StateTypes.FORECAST_TASK);
  }
}
