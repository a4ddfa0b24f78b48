package io.tidecast.flink.inference;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.model.ModelSlots;
import java.io.Serializable;

/**
 * What is shipped to the subtasks that forecast.
 *
 * @param models of the job
 * @param options how tasks become forecasts
 * @param clock by which forecasts are issued
 */
record ForecastSetup(ModelSlots models, InferenceOptions options, MillisClock clock)
    implements Serializable {

  ForecastSetup {
    requireNonNull(models, "models is null");
    requireNonNull(options, "options is null");
    requireNonNull(clock, "clock is null");
  }
}
