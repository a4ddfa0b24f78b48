package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Rows;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One session of ONNX Runtime, read and written in place. Many threads may run it at once; closing
 * is for its owner, when no call runs.
 */
final class OnnxGraph implements AutoCloseable {

  private final String name;
  private final OnnxSignature signature;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private volatile boolean stopped;

  private OnnxGraph(
      String name, OnnxSignature signature, OrtEnvironment environment, OrtSession session) {
    this.name = name;
    this.signature = signature;
    this.environment = environment;
    this.session = session;
  }

  /**
   * Loads a graph from its bytes, so that no file beside it is read, and checks it against the
   * manifest.
   *
   * @throws ModelException naming what contradicts what
   */
  static OnnxGraph load(ModelBundle bundle, OnnxOptions options) {
    OnnxSignature signature = OnnxSignature.of(bundle.manifest());
    String name = bundle.manifest().id() + "/" + bundle.manifest().version();
    OrtSession session = OnnxSessions.of(bundle.graph(), options);
    OnnxGraph graph = new OnnxGraph(name, signature, OnnxEnvironment.get(), session);
    RunWatch.SHARED.enter();
    try {
      signature.check(OnnxDescription.of(graph.session));
      return graph;
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /** Ends the count of nodes that began with a session on a GPU. */
  Map<String, Integer> endNodeCount() {
    return OnnxSessions.endProfile(session);
  }

  /** Tells whether every run takes a single row. */
  boolean takesOneRow() {
    return signature.takesOneRow();
  }

  /**
   * Runs the first {@code rows} rows of direct native-order buffers.
   *
   * @param part what of the rows to read and write
   * @param limit when the run is ended
   * @throws ModelTimeoutException if the run was ended since it took too long
   * @throws ForecastStoppedException if it was ended for another reason
   */
  void run(
      int rows,
      Function<Rows, FloatBuffer> part,
      WindowBatch windows,
      ForecastBatch forecasts,
      RunLimit limit) {
    try (WatchedRun run = RunWatch.SHARED.begin(this, limit)) {
      if (stopped) {
        throw new ForecastStoppedException("the model is being closed: model=" + name);
      }
      run(rows, part, windows, forecasts, run);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed: model=" + name + ": " + OnnxMessage.of(e), e);
    }
  }

  private void run(
      int rows,
      Function<Rows, FloatBuffer> part,
      WindowBatch windows,
      ForecastBatch forecasts,
      WatchedRun run) {
    try (OnnxTensors inputs = new OnnxTensors(environment, rows);
        OnnxTensors outputs = new OnnxTensors(environment, rows)) {
      for (OnnxPort input : signature.inputs()) {
        inputs.add(input, part.apply(windows.rows(input.role())));
      }
      for (OnnxPort output : signature.outputs()) {
        outputs.add(output, part.apply(forecasts.rows(output.role())));
      }
      // The outputs are pinned: the run writes them into the buffers, they outlive its result, and
      // no other output is fetched.
      session.run(inputs.byName(), Set.of(), outputs.byName(), run.options()).close();
    } catch (OrtException e) {
      throw run.failure(name, rows, e);
    }
  }

  /** Ends the runs that are under way and begins no other. */
  void stop() {
    stopped = true;
    RunWatch.SHARED.stop(this);
  }

  @Override
  public void close() {
    RunWatch.SHARED.leave();
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to close: model=" + name, e);
    }
  }
}
