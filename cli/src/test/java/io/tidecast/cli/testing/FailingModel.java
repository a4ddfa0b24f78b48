package io.tidecast.cli.testing;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that fails the task that uses it, every so many windows, while it holds some of them.
 *
 * @param model that answers otherwise
 * @param failures how often; then never again
 */
public record FailingModel(ForecasterFactory model, int everyWindows, int failures)
    implements ForecasterFactory {
  /** Counts over restarts, in the JVM that all tasks share. */
  private static final AtomicInteger WINDOWS = new AtomicInteger();

  private static final AtomicInteger FAILURES = new AtomicInteger();

  /** Counts from zero, which the constructor must not: every restart calls it again. */
  public static FailingModel of(ForecasterFactory model, int everyWindows, int failures) {
    WINDOWS.set(0);
    FAILURES.set(0);
    return new FailingModel(model, everyWindows, failures);
  }

  @Override
  public ForecasterSpec spec() {
    return model.spec();
  }

  @Override
  public Forecaster open() {
    Forecaster forecaster = model.open();
    return new Forecaster() {
      @Override
      public ForecasterSpec spec() {
        return forecaster.spec();
      }

      @Override
      public void forecast(WindowBatch windows, ForecastBatch forecasts) {
        int seen = WINDOWS.getAndAdd(windows.size());
        if (seen / everyWindows < (seen + windows.size()) / everyWindows
            && FAILURES.incrementAndGet() <= failures) {
          throw new AssertionError("injected by a test");
        }
        forecaster.forecast(windows, forecasts);
      }

      @Override
      public void close() {
        forecaster.close();
      }
    };
  }
}
