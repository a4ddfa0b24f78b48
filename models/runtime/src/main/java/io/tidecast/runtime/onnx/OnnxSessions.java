package io.tidecast.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.graph.GraphPorts;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.NodeCount;
import io.tidecast.runtime.onnx.device.ProviderSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes and closes sessions: the one place where native code is given a graph. */
final class OnnxSessions {

  private static final System.Logger LOGGER = System.getLogger(OnnxSessions.class.getName());

  private OnnxSessions() {}

  /**
   * Makes a session of a graph, which the caller closes. ONNX Runtime computes what is constant in
   * the graph meanwhile, and nothing ends that: this is for an {@link Expendable} thread.
   *
   * <p>One on a GPU writes a profile until {@link #endProfile} ends that.
   *
   * @throws io.tidecast.runtime.onnx.device.DeviceException if the device can't be used
   * @throws ModelException if ONNX Runtime refuses the graph
   */
  static OrtSession of(CheckedGraph graph, OnnxOptions options) {
    Device device = options.device().device();
    OnnxDevices.require(device);
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.intraOpThreads());
      settings.setInterOpNumThreads(1);
      // Threads that wait for work otherwise take a processor each while they do.
      settings.addConfigEntry("session.intra_op.allow_spinning", "0");
      // Whatever fails is an exception that says so; a run that is ended would be told of twice.
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Left to itself, it takes some bytes for a format of its own that nobody has looked at.
      settings.addConfigEntry("session.load_model_format", "ONNX");
      if (device.isGpu()) {
        OnnxDevices.add(ProviderSettings.of(options.device(), inputs(graph)), settings);
        settings.enableProfiling(profile().toString());
      }
      return OnnxEnvironment.get().createSession(graph.bytes(), settings);
    } catch (UncheckedIOException e) {
      throw new DeviceException(String.valueOf(e.getMessage()), e, false);
    } catch (OrtException e) {
      if (device.isGpu()) {
        throw OnnxDevices.failure(device, e);
      }
      throw new ModelException("ONNX Runtime refuses model.onnx: " + OnnxMessage.of(e), e);
    }
  }

  private static Map<String, List<Long>> inputs(CheckedGraph graph) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (GraphPorts.Port port : graph.ports().inputs()) {
      List<Long> shape = port.shape();
      if (shape != null) {
        shapes.put(port.name(), shape);
      }
    }
    return shapes;
  }

  private static Path profile() {
    return Path.of(System.getProperty("java.io.tmpdir"), "tidecast-nodes");
  }

  /**
   * Ends the profile that a session has written since it was made.
   *
   * @return how many nodes have run on which provider; empty if nobody can tell, for that keeps no
   *     model from serving
   */
  static Map<String, Integer> endProfile(OrtSession session) {
    try {
      String name = session.endProfiling();
      if (name.isEmpty()) {
        // It has been ended before.
        return Map.of();
      }
      Path file = Path.of(name);
      try {
        return NodeCount.of(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (OrtException | IOException e) {
      LOGGER.log(Level.WARNING, "The nodes of a model on a GPU can't be counted", e);
      return Map.of();
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
