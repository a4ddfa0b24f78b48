package io.tidecast.runtime.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.manifest.ModelException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What goes into a graph and what comes out, as ONNX Runtime sees it: with shapes that the file
 * leaves open but that follow from its nodes, or show when it runs.
 */
public record OnnxDescription(List<Port> inputs, List<Port> outputs) {

  /**
   * A tensor at the edge of a graph.
   *
   * @param type of the elements as manifests spell it, or what ONNX Runtime calls something that is
   *     no tensor
   * @param shape one entry per axis, -1 where any size goes; empty for a scalar
   * @param axes what the file calls the axes of any size, empty text for each of the others
   */
  public record Port(String name, String type, List<Long> shape, List<String> axes) {

    /** One whose file has no names for axes. */
    public Port(String name, String type, List<Long> shape) {
      this(name, type, shape, Collections.nCopies(shape.size(), ""));
    }
  }

  /**
   * Loads a graph to look at it.
   *
   * @throws ModelException if ONNX Runtime refuses it, or takes too long
   */
  public static OnnxDescription of(CheckedGraph graph) {
    OnnxOptions options = OnnxOptions.defaults();
    return Expendable.make(
        () -> described(graph, options),
        tooLate -> {},
        options.openingTimeout(),
        "model.onnx must be ready within %s, it was not; something constant in the graph takes long to compute"
            .formatted(WatchedRun.seconds(options.openingTimeout())));
  }

  private static OnnxDescription described(CheckedGraph graph, OnnxOptions options) {
    OrtSession session = OnnxSessions.of(graph, options);
    try {
      return OutputTrial.seen(session, of(session));
    } finally {
      OnnxSessions.close(session);
    }
  }

  static OnnxDescription of(OrtSession session) {
    try {
      return new OnnxDescription(ports(session.getInputInfo()), ports(session.getOutputInfo()));
    } catch (OrtException e) {
      throw new ModelException("ONNX Runtime can't describe model.onnx: " + OnnxMessage.of(e), e);
    }
  }

  private static List<Port> ports(Map<String, NodeInfo> nodes) {
    return nodes.values().stream().map(OnnxDescription::port).toList();
  }

  private static Port port(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo tensor
        ? new Port(
            node.getName(),
            type(tensor.type),
            Arrays.stream(tensor.getShape()).boxed().toList(),
            List.of(tensor.getDimensionNames()))
        : new Port(node.getName(), node.getInfo().toString(), List.of());
  }

  /** The type that is spelled so; unknown for what is no tensor. */
  static OnnxJavaType type(String spelled) {
    return Arrays.stream(OnnxJavaType.values())
        .filter(type -> type(type).equals(spelled))
        .findFirst()
        .orElse(OnnxJavaType.UNKNOWN);
  }

  private static String type(OnnxJavaType type) {
    if (type == OnnxJavaType.FLOAT) {
      return "float32";
    }
    return type == OnnxJavaType.DOUBLE ? "float64" : type.name().toLowerCase(Locale.ROOT);
  }
}
