package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The part that all forecasters share: batches are checked before a run, and a close waits for
 * running calls, since ONNX Runtime does not guard a session that is closed under a running call.
 */
public abstract class GuardedForecaster implements Forecaster {

  private final ForecasterSpec spec;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  // Written under the write lock, read under the read lock.
  private boolean closed;

  public GuardedForecaster(ForecasterSpec spec) {
    this.spec = spec;
  }

  @Override
  public final ForecasterSpec spec() {
    return spec;
  }

  @Override
  public final void forecast(WindowBatch windows, ForecastBatch forecasts) {
    checkGeometry(windows.spec(), forecasts.spec());
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("forecaster is closed: model=" + name());
      }
      forecasts.resize(windows.size());
      if (windows.size() > 0) {
        run(windows, forecasts);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public final void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Forecasts at least one window; geometry and capacity are checked, {@code forecasts} has its
   * size.
   */
  protected abstract void run(WindowBatch windows, ForecastBatch forecasts);

  /** Frees what the forecaster holds; it is called once, when no call runs and none will. */
  protected abstract void release();

  protected final String name() {
    return spec.id() + "/" + spec.version();
  }

  private void checkGeometry(ForecasterSpec windows, ForecasterSpec forecasts) {
    if (!takes(windows) || !gives(forecasts)) {
      throw new IllegalArgumentException(
          "batches must have the geometry of "
              + spec
              + ": windows="
              + windows
              + ", forecasts="
              + forecasts);
    }
  }

  /** Refuses noise of another model however alike the two are, since noise is drawn for a model. */
  @SuppressWarnings("ReferenceEquality") // The usual case, and a cheap one.
  private boolean takes(ForecasterSpec windows) {
    return windows == spec
        || windows.contextLength() == spec.contextLength()
            && windows.predictionLength() == spec.predictionLength()
            && windows.channels() == spec.channels()
            && windows.leftPadding() == spec.leftPadding()
            && windows.inputs().equals(spec.inputs())
            && (spec.inputs().noise() == 0
                || windows.id().equals(spec.id()) && windows.version().equals(spec.version()));
  }

  @SuppressWarnings("ReferenceEquality") // The usual case, and a cheap one.
  private boolean gives(ForecasterSpec forecasts) {
    return forecasts == spec
        || forecasts.horizon() == spec.horizon()
            && forecasts.targets().equals(spec.targets())
            && forecasts.quantileLevels().equals(spec.quantileLevels());
  }
}
