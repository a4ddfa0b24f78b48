package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.record.ForecastOutcome;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.Issuer;
import io.tidecast.runtime.serving.Answer;

/**
 * Makes outcomes of the answers of a model and its baseline. Any thread.
 *
 * @param model that signs what it forecasts
 * @param baseline that signs in its place
 * @param clock by which forecasts are issued
 */
record Outcomes(Issuer model, Issuer baseline, MillisClock clock) {

  ForecastOutcome of(ForecastTask task, Answer answer) {
    boolean fallback = answer instanceof Answer.Made made && made.fallback();
    return ForecastOutcome.of(task, answer, fallback ? baseline : model, clock.millis());
  }
}
