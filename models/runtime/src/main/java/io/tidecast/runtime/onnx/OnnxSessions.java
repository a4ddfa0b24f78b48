package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastStoppedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes sessions. ONNX Runtime computes what is constant in a graph while it makes one, and nothing
 * ends that; so a thread of its own makes it, which is given up when it takes too long.
 */
final class OnnxSessions {

  private static final System.Logger LOGGER = System.getLogger(OnnxSessions.class.getName());

  private OnnxSessions() {}

  /**
   * Makes a session of a graph, which the caller closes.
   *
   * @throws ModelException if ONNX Runtime refuses the graph, or takes too long
   * @throws ForecastStoppedException if this thread is interrupted
   */
  static OrtSession of(CheckedGraph graph, OnnxOptions options) {
    CompletableFuture<OrtSession> made = new CompletableFuture<>();
    Thread maker = new Thread(() -> make(graph, options, made), "tidecast-open-model");
    maker.setDaemon(true);
    maker.setContextClassLoader(null);
    maker.start();
    Duration timeout = options.openingTimeout();
    try {
      return made.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new ModelException(
          "ONNX Runtime refuses model.onnx: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      made.cancel(false);
      throw new ModelException(
          "ONNX Runtime must make model.onnx ready within %s, it did not; something constant in the graph takes long to compute"
              .formatted(WatchedRun.seconds(timeout)),
          e);
    } catch (InterruptedException e) {
      made.cancel(false);
      Thread.currentThread().interrupt();
      throw new ForecastStoppedException("interrupted while a model was opened");
    }
  }

  /** The one place where native code is given a graph, which has been checked for that. */
  private static void make(
      CheckedGraph graph, OnnxOptions options, CompletableFuture<OrtSession> made) {
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.intraOpThreads());
      settings.setInterOpNumThreads(1);
      // Whatever fails is an exception that says so; a run that is ended would be told of twice.
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Left to itself, it takes some bytes for a format of its own that nobody has looked at.
      settings.addConfigEntry("session.load_model_format", "ONNX");
      OrtSession session = OnnxEnvironment.get().createSession(graph.bytes(), settings);
      if (!made.complete(session)) {
        session.close();
      }
    } catch (OrtException | RuntimeException | Error e) {
      if (!made.completeExceptionally(e)) {
        LOGGER.log(Level.WARNING, "A model that was given up can't be opened or closed", e);
      }
    }
  }
}
