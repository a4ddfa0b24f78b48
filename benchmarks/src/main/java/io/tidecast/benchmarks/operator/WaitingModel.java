package io.tidecast.benchmarks.operator;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A model that takes no time of the processors: it waits for a while, as for a device that computes
 * in its place, and answers whatever its buffers hold, zeros at first.
 *
 * @param runMicros how long it waits in a run
 */
record WaitingModel(Lane lane, ForecasterSpec spec, long runMicros) implements ForecasterFactory {

  private static final long serialVersionUID = 1L;

  @Override
  public Forecaster open() {
    return new Forecaster() {
      @Override
      public ForecasterSpec spec() {
        return spec;
      }

      @Override
      public void forecast(WindowBatch windows, ForecastBatch forecasts) {
        lane.run();
        long untilNanos = System.nanoTime() + runMicros * 1_000;
        for (long left = runMicros * 1_000; left > 0; left = untilNanos - System.nanoTime()) {
          LockSupport.parkNanos(left);
          if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            break;
          }
        }
        forecasts.resize(windows.size());
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
