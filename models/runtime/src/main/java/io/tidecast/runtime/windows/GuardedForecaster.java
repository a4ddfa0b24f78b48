package io.tidecast.runtime.windows;

import io.tidecast.runtime.manifest.ForecasterSpec;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;

/**
 * The part that all forecasters share: batches are checked before a run, and a close waits for
 * running calls, since ONNX Runtime does not guard a session that is closed under a running call.
 */
public abstract class GuardedForecaster implements Forecaster {

  private static final System.Logger LOGGER = System.getLogger(GuardedForecaster.class.getName());

  /** A call that was told to end, and has not after this time, is not waited for. */
  private static final long CLOSE_PATIENCE_SECONDS = 10;

  private final ForecasterSpec spec;

  /** Unlike a reentrant one, it makes nothing for a thread that takes it. */
  private final StampedLock lock = new StampedLock();

  // Written by the one thread that closes.
  private volatile boolean closed;

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
    long stamp = lock.readLock();
    try {
      if (closed) {
        throw new IllegalStateException("forecaster is closed: model=" + name());
      }
      forecasts.resize(windows.size());
      if (windows.size() > 0) {
        run(windows, forecasts);
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /**
   * Ends the calls that run and frees what the forecaster holds. A call that does not end keeps all
   * of it, and the log says so.
   */
  @Override
  public final synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    endCalls();
    long stamp = lockedForWriting();
    if (stamp == 0) {
      LOGGER.log(
          Level.WARNING,
          "Model {0} has a run that does not end, although it was told to {1} seconds ago. Its memory and a thread stay"
              + " taken until the process ends.",
          name(),
          CLOSE_PATIENCE_SECONDS);
      return;
    }
    try {
      release();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Waits until no call runs, or returns 0; an interrupt of the thread makes no difference. */
  private long lockedForWriting() {
    boolean interrupted = false;
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_PATIENCE_SECONDS);
    try {
      while (true) {
        try {
          long leftNanos = deadlineNanos - System.nanoTime();
          return lock.tryWriteLock(leftNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Forecasts at least one window; geometry and capacity are checked, {@code forecasts} has its
   * size.
   */
  protected abstract void run(WindowBatch windows, ForecastBatch forecasts);

  /** Tells the calls that run to end. Where they can't be told, a close waits for them. */
  protected void endCalls() {
    // The calls of most forecasters are over before anybody could tell them.
  }

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
