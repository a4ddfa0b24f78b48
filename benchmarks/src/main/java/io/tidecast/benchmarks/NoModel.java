package io.tidecast.benchmarks;

import io.tidecast.flink.ForecasterFactory;
import io.tidecast.runtime.ForecastBatch;
import io.tidecast.runtime.Forecaster;
import io.tidecast.runtime.ForecasterSpec;
import io.tidecast.runtime.WindowBatch;

/** Answers whatever its buffers hold, zeros at first: a job without inference. */
record NoModel(ForecasterSpec spec) implements ForecasterFactory {

  @Override
  public Forecaster open() {
    return new Forecaster() {
      @Override
      public ForecasterSpec spec() {
        return spec;
      }

      @Override
      public void forecast(WindowBatch windows, ForecastBatch forecasts) {
        forecasts.resize(windows.size());
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
