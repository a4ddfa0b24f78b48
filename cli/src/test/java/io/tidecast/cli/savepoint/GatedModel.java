package io.tidecast.cli.savepoint;

import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.ModelChannels;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model that answers when it is let: so that windows are under way while a savepoint is taken.
 *
 * @param model that answers otherwise
 */
record GatedModel(ForecasterFactory model) implements ForecasterFactory {
  private static final int ANY_NUMBER = Integer.MAX_VALUE / 2;

  // Static, because everything given to the cluster is serialized.
  private static final Semaphore GATE = new Semaphore(0);
  private static final AtomicInteger WINDOWS = new AtomicInteger();

  static GatedModel of(ForecasterFactory model) {
    letNone();
    WINDOWS.set(0);
    return new GatedModel(model);
  }

  /** Lets all runs through from now on. */
  static void letAll() {
    letNone();
    GATE.release(ANY_NUMBER);
  }

  /** Lets one run through. */
  static void letOne() {
    GATE.release();
  }

  /** Lets none through from now on. */
  static void letNone() {
    GATE.drainPermits();
  }

  /** How many windows have been answered. */
  static int windows() {
    return WINDOWS.get();
  }

  @Override
  public ForecasterSpec spec() {
    return model.spec();
  }

  @Override
  public ModelChannels channels() {
    return model.channels();
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
        try {
          GATE.acquire();
        } catch (InterruptedException e) {
          // The job is over.
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
        forecaster.forecast(windows, forecasts);
        WINDOWS.addAndGet(windows.size());
      }

      @Override
      public void close() {
        forecaster.close();
      }
    };
  }
}
