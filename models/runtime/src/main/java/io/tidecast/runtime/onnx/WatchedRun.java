package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.ModelTimeoutException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The runs in native code of one thread at a time, one after the other. They share options of their
 * own, so that ending one ends no other; after one that was ended they get new ones.
 */
final class WatchedRun {

  private static final System.Logger LOGGER = System.getLogger(WatchedRun.class.getName());
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private enum End {
    LATE,
    STOPPED
  }

  private final RunWatch watch;
  private final OnnxGraph graph;

  /** Null between runs, like the rest of it that is of a run. */
  private @Nullable Thread thread;

  private Duration limit = Duration.ZERO;
  private long deadlineNanos;
  private @Nullable RunOptions options;
  private @Nullable End end;
  private long endNanos;
  private boolean told;

  WatchedRun(RunWatch watch, OnnxGraph graph) {
    this.watch = watch;
    this.graph = graph;
  }

  /**
   * Begins a run in this thread, which ends it.
   *
   * @param runLimit that the message of a timeout names
   * @param runDeadlineNanos when it is ended
   * @return the options to run with
   * @throws ForecastStoppedException if the JVM ends
   */
  RunOptions begin(Duration runLimit, long runDeadlineNanos) throws OrtException {
    RunOptions its = begun(runLimit, runDeadlineNanos);
    try {
      watch.requireGoingOn();
    } catch (ForecastStoppedException e) {
      end();
      throw e;
    }
    return its;
  }

  private synchronized RunOptions begun(Duration runLimit, long runDeadlineNanos)
      throws OrtException {
    if (options == null) {
      options = new RunOptions();
    }
    limit = runLimit;
    deadlineNanos = runDeadlineNanos;
    thread = Thread.currentThread();
    return options;
  }

  /** The run is over, by itself or because it was ended. */
  synchronized void end() {
    thread = null;
    if (end != null) {
      end = null;
      told = false;
      close();
    }
  }

  synchronized boolean isUnderWay() {
    return thread != null;
  }

  boolean isOf(OnnxGraph other) {
    return graph == other;
  }

  /** Ends the run if its time is over or its thread is wanted elsewhere. */
  synchronized void check(long nowNanos) {
    if (thread == null) {
      return;
    }
    if (thread.isInterrupted()) {
      stop();
    } else if (nowNanos - deadlineNanos > 0) {
      end(End.LATE);
    }
    tellIfStuck(nowNanos);
  }

  /** An operator that computes without a pause takes no notice of being told to end. */
  private void tellIfStuck(long nowNanos) {
    if (end != null && !told && nowNanos - endNanos > PATIENCE_NANOS) {
      told = true;
      LOGGER.log(
          Level.WARNING,
          "A run of model {0} does not end, although it was told to {1} seconds ago: one operator of its graph computes"
              + " without a pause. Until it has, it keeps a thread busy.",
          graph.name(),
          TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS));
    }
  }

  /** Ends the run that is under way, for no fault of its own. */
  synchronized void stop() {
    end(End.STOPPED);
  }

  private void end(End why) {
    if (thread == null || options == null || end != null) {
      return;
    }
    end = why;
    endNanos = watch.nanos();
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to end a run: " + OnnxMessage.of(e), e);
    }
  }

  /** Says why the run has no result. */
  synchronized RuntimeException failure(String model, int windows, OrtException cause) {
    if (end == End.STOPPED) {
      return new ForecastStoppedException(
          "the run was ended, as nobody waits for it: model=" + model);
    }
    if (end == End.LATE) {
      return new ModelTimeoutException(
          "model must answer within %s, its run was ended: model=%s, windows=%d"
              .formatted(seconds(limit), model, windows));
    }
    return new ModelException(
        "ONNX Runtime failed: model=" + model + ": " + OnnxMessage.of(cause), cause);
  }

  static String seconds(Duration limit) {
    long millis = limit.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  /** Frees the options; no run is under way. */
  synchronized void close() {
    if (options != null) {
      options.close();
      options = null;
    }
  }
}
