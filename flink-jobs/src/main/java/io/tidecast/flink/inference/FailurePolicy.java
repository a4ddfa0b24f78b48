package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.schemas.ErrorCode;

/**
 * Answers for a model that failed: with the baseline, or with a dead letter. One thread at a time;
 * the baseline stays the caller's to close.
 */
public final class FailurePolicy {

  private final BaselineAnswers baseline;
  private final MillisClock clock;

  /**
   * @param baseline null for dead letters
   */
  public FailurePolicy(Forecaster baseline, MillisClock clock) {
    this.baseline = baseline == null ? null : new BaselineAnswers(baseline, clock);
    this.clock = clock;
  }

  public ForecastOutcome answer(ForecastTask request, String failure) {
    if (baseline == null) {
      Rejection rejection =
          Rejection.of(ErrorCode.INFERENCE_FAILED, failure, request, clock.millis());
      return new ForecastOutcome(null, rejection);
    }
    return baseline.answer(request);
  }

  /** The forecast of one row of a batch. */
  static ForecastOutcome outcome(
      ForecastTask request,
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
            horizon(request, forecasts.spec()));
    return new ForecastOutcome(issued, null);
  }

  /**
   * What is wanted, no further than a job reaches that has been restored with a shorter horizon.
   */
  private static int horizon(ForecastTask request, ForecasterSpec spec) {
    return request.horizon() == null ? spec.horizon() : Math.min(request.horizon(), spec.horizon());
  }
}
