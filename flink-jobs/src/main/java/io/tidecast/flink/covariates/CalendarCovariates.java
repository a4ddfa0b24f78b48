package io.tidecast.flink.covariates;

import io.tidecast.flink.record.ForecastRequest;
import org.apache.flink.api.common.functions.MapFunction;

/** Adds the covariates of the calendar, where there are no others. Stateless. */
final class CalendarCovariates implements MapFunction<ForecastRequest, ForecastRequest> {

  private static final long serialVersionUID = 1L;

  private final CovariateMerge merge;

  CalendarCovariates(CovariateMerge merge) {
    this.merge = merge;
  }

  @Override
  public ForecastRequest map(ForecastRequest request) {
    return merge.complete(request, null);
  }
}
