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
 * One run in native code. It has options of its own, so that ending it ends no other; closing it is
 * for the thread that runs.
 */
final class WatchedRun implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(WatchedRun.class.getName());
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private enum End {
    LATE,
    STOPPED
  }

  private final RunWatch watch;
  private final OnnxGraph graph;
  private final RunLimit limit;
  private final Thread thread = Thread.currentThread();
  private final RunOptions options;
  private @Nullable End end;
  private long endNanos;
  private boolean closed;
  private boolean told;

  WatchedRun(RunWatch watch, OnnxGraph graph, RunLimit limit) throws OrtException {
    this.watch = watch;
    this.graph = graph;
    this.limit = limit;
    this.options = new RunOptions();
  }

  RunOptions options() {
    return options;
  }

  boolean isOf(OnnxGraph other) {
    return graph == other;
  }

  /** Ends the run if its time is over or its thread is wanted elsewhere. */
  void check(long nowNanos) {
    if (thread.isInterrupted()) {
      stop();
    } else if (nowNanos - limit.deadlineNanos() > 0) {
      end(End.LATE);
    }
    tellIfStuck(nowNanos);
  }

  /** An operator that computes without a pause takes no notice of being told to end. */
  private synchronized void tellIfStuck(long nowNanos) {
    if (end != null && !closed && !told && nowNanos - endNanos > PATIENCE_NANOS) {
      told = true;
      LOGGER.log(
          Level.WARNING,
          "A run of model {0} does not end, although it was told to {1} seconds ago: one operator of its graph computes"
              + " without a pause. Until it has, it keeps a thread busy.",
          graph.name(),
          TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS));
    }
  }

  /** Ends the run, for no fault of its own. */
  void stop() {
    end(End.STOPPED);
  }

  private synchronized void end(End why) {
    if (closed || end != null) {
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
              .formatted(seconds(limit.limit()), model, windows));
    }
    return new ModelException(
        "ONNX Runtime failed: model=" + model + ": " + OnnxMessage.of(cause), cause);
  }

  static String seconds(Duration limit) {
    long millis = limit.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  @Override
  public void close() {
    watch.ended(this);
    synchronized (this) {
      closed = true;
      options.close();
    }
  }
}
