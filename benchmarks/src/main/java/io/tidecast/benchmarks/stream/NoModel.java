package io.tidecast.benchmarks.stream;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;

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
