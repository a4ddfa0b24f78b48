package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;

/**
 * Answers in place of the model. One thread at a time; the baseline stays the caller's to close.
 */
final class BaselineAnswers {

  private final Forecaster baseline;
  private final MillisClock clock;
  private final WindowBatch window;
  private final ForecastBatch forecast;

  BaselineAnswers(Forecaster baseline, MillisClock clock) {
    this.baseline = baseline;
    this.clock = clock;
    this.window = new WindowBatch(baseline.spec(), 1);
    this.forecast = new ForecastBatch(baseline.spec(), 1);
  }

  ForecastOutcome answer(ForecastTask request) {
    window.clear();
    int filled = window.add(Window.of(request.context())) - beforeTheSeries(request.context());
    baseline.forecast(window, forecast);
    return FailurePolicy.outcome(
        request, forecast, 0, request.filledCells() + filled, true, clock.millis());
  }

  /** The baseline repeats the first cell there; that is no gap that was filled. */
  private static int beforeTheSeries(float[] context) {
    int missing = 0;
    while (Float.isNaN(context[missing])) {
      missing++;
    }
    return missing;
  }
}
