package io.tidecast.flink.covariates;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.record.ForecastTask;
import org.apache.flink.api.common.functions.MapFunction;

/** Adds the covariates of the calendar, where there are no others. Stateless. */
final class AddCalendarCovariates implements MapFunction<ForecastTask, ForecastTask> {

  private static final long serialVersionUID = 1L;

  private final CovariateMerge merge;

  AddCalendarCovariates(CovariateMerge merge) {
    this.merge = merge;
  }

  @Override
  public ForecastTask map(ForecastTask request) {
    return requireNonNull(merge.complete(request, null), "the calendar knows every cell");
  }
}
