package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What goes into a graph and what comes out, as its file declares it. */
public record GraphPorts(List<Port> inputs, List<Port> outputs) {

  public GraphPorts {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * A tensor at the edge of a graph.
   *
   * @param type of the elements as manifests spell it; {@code unknown} where the file does not say
   * @param shape one entry per axis, -1 where the file leaves it open; null where it does not say
   */
  public record Port(String name, String type, @Nullable List<Long> shape) {}

  static GraphPorts of(GraphProto graph) {
    // Old files list their weights among the inputs too.
    Set<String> weights =
        Stream.concat(
                graph.getInitializerList().stream(),
                graph.getSparseInitializerList().stream().map(sparse -> sparse.getValues()))
            .map(TensorProto::getName)
            .collect(Collectors.toSet());
    return new GraphPorts(
        graph.getInputList().stream()
            .filter(input -> !weights.contains(input.getName()))
            .map(GraphPorts::port)
            .toList(),
        graph.getOutputList().stream().map(GraphPorts::port).toList());
  }

  private static Port port(ValueInfoProto value) {
    TypeProto.Tensor tensor = value.getType().getTensorType();
    ElementType type = ElementType.of(tensor.getElemType());
    return new Port(
        value.getName(),
        type == null ? "unknown" : type.key(),
        tensor.hasShape()
            ? tensor.getShape().getDimList().stream().map(GraphPorts::size).toList()
            : null);
  }

  private static long size(TensorShapeProto.Dimension dimension) {
    return dimension.hasDimValue() && dimension.getDimValue() >= 0 ? dimension.getDimValue() : -1;
  }
}
