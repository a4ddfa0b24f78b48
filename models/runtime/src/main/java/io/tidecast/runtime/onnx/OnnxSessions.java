package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.manifest.ModelException;

/** Makes and closes sessions: the one place where native code is given a graph. */
final class OnnxSessions {

  private OnnxSessions() {}

  /**
   * Makes a session of a graph, which the caller closes. ONNX Runtime computes what is constant in
   * the graph meanwhile, and nothing ends that: this is for an {@link Expendable} thread.
   *
   * @throws ModelException if ONNX Runtime refuses the graph
   */
  static OrtSession of(CheckedGraph graph, OnnxOptions options) {
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.intraOpThreads());
      settings.setInterOpNumThreads(1);
      // Threads that wait for work otherwise take a processor each while they do.
      settings.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Whatever fails is an exception that says so; a run that is ended would be told of twice.
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Left to itself, it takes some bytes for a format of its own that nobody has looked at.
      settings.addConfigEntry("session.load_model_format", "ONNX");
      return OnnxEnvironment.get().createSession(graph.bytes(), settings);
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime refuses model.onnx: " + OnnxMessage.of(e), e);
    }
  }

  static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime failed to close model.onnx: " + OnnxMessage.of(e), e);
    }
  }
}
