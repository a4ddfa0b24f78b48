package io.tidecast.flink;

import io.tidecast.runtime.ForecastBatch;
import io.tidecast.runtime.Forecaster;
import io.tidecast.schemas.ErrorCode;

/**
 * Answers for a model that failed: with the baseline, or with a dead letter. One thread at a time;
 * the baseline stays the caller's to close.
 */
final class FailurePolicy {

  private final BaselineAnswers baseline;
  private final MillisClock clock;

  /**
   * @param baseline null for dead letters
   */
  FailurePolicy(Forecaster baseline, MillisClock clock) {
    this.baseline = baseline == null ? null : new BaselineAnswers(baseline, clock);
    this.clock = clock;
  }

  ForecastOutcome answer(ForecastRequest request, String failure) {
    if (baseline == null) {
      Rejection rejection =
          Rejection.of(ErrorCode.INFERENCE_FAILED, failure, request, clock.millis());
      return new ForecastOutcome(null, rejection);
    }
    return baseline.answer(request);
  }

  /** The forecast of one row of a batch. */
  static ForecastOutcome outcome(
      ForecastRequest request,
      ForecastBatch forecasts,
      int row,
      int filledCells,
      boolean fallback,
      long nowMillis) {
    float[] points = new float[forecasts.spec().pointsSize()];
    float[] quantiles = new float[forecasts.spec().quantilesSize()];
    forecasts.points(row, points);
    forecasts.quantiles(row, quantiles);
    IssuedForecast issued =
        new IssuedForecast(
            request.series(),
            request.originMillis(),
            nowMillis,
            forecasts.spec().id(),
            forecasts.spec().version(),
            points,
            quantiles,
            filledCells,
            fallback,
            request.revision(),
            request.horizon() == null ? forecasts.spec().horizon() : request.horizon());
    return new ForecastOutcome(issued, null);
  }
}
