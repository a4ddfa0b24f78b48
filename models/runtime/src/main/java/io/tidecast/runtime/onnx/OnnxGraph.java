package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Rows;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.FloatBuffer;
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
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OnnxGraph graph = new OnnxGraph(name, signature, environment, session(bundle.graph(), options));
    try {
      signature.check(OnnxDescription.of(graph.session));
      return graph;
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** The one place where native code is given a graph, which has been checked for that. */
  static OrtSession session(CheckedGraph graph, OnnxOptions options) {
    try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
      session.setIntraOpNumThreads(options.intraOpThreads());
      session.setInterOpNumThreads(1);
      // Left to itself, it takes some bytes for a format of its own that nobody has looked at.
      session.addConfigEntry("session.load_model_format", "ONNX");
      return OrtEnvironment.getEnvironment().createSession(graph.bytes(), session);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime refuses model.onnx: " + e.getMessage(), e);
    }
  }

  /** Tells whether every run takes a single row. */
  boolean takesOneRow() {
    return signature.takesOneRow();
  }

  /**
   * Runs the first {@code rows} rows of direct native-order buffers.
   *
   * @param part what of the rows to read and write
   */
  void run(
      int rows, Function<Rows, FloatBuffer> part, WindowBatch windows, ForecastBatch forecasts) {
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
      session.run(inputs.byName(), outputs.byName()).close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed: model=" + name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to close: model=" + name, e);
    }
  }
}
