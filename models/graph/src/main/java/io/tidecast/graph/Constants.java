package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Small constants by name, as far as a node sees them: those of its own graph, then those of the
 * graphs around it. They tell how large a tensor becomes whose shape is a constant.
 */
final class Constants {

  /** A shape, a list of pads, a flag: none has more values. */
  private static final int MOST_VALUES = 64;

  /** Stands for a value that is no constant, or one that no one needs to know. */
  private static final double[] UNKNOWN = {};

  private final @Nullable Constants outer;
  private final Map<String, double[]> byName = new HashMap<>();

  private Constants(@Nullable Constants outer) {
    this.outer = outer;
  }

  /** Knows the constants of a graph, and of those around it. */
  static Constants of(GraphProto graph, @Nullable Constants outer) {
    Constants constants = new Constants(outer);
    graph.getInputList().forEach(input -> constants.byName.put(input.getName(), UNKNOWN));
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    constants.putNodes(graph.getNodeList());
    return constants;
  }

  /** Knows the constants in the body of a function; what it is given is none. */
  static Constants of(FunctionProto function) {
    Constants constants = new Constants(null);
    constants.putNodes(function.getNodeList());
    return constants;
  }

  /** What a node makes hides what has the same name further out, whatever it is. */
  private void putNodes(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      node.getOutputList().forEach(name -> byName.put(name, UNKNOWN));
      if (node.getOutputCount() != 1) {
        continue;
      }
      String name = node.getOutput(0);
      if (node.getOpType().equals("Constant")) {
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getRefAttrName().isEmpty())
            .forEach(attribute -> put(name, attribute));
      } else if (node.getOpType().equals("Identity") && node.getInputCount() == 1) {
        find(node.getInput(0)).ifPresent(values -> byName.put(name, values));
      }
    }
  }

  private void put(String name, AttributeProto attribute) {
    switch (attribute.getName()) {
      case "value" -> put(name, attribute.getT());
      case "value_int" -> byName.put(name, new double[] {attribute.getI()});
      case "value_float" -> byName.put(name, new double[] {attribute.getF()});
      case "value_ints" -> {
        if (attribute.getIntsCount() > 0 && attribute.getIntsCount() <= MOST_VALUES) {
          byName.put(name, attribute.getIntsList().stream().mapToDouble(v -> v).toArray());
        }
      }
      default -> {
        // Text, or a list of decimals, which is no shape.
      }
    }
  }

  private void put(String name, TensorProto tensor) {
    double[] values = values(tensor);
    byName.put(name, values == null ? UNKNOWN : values);
  }

  private static double @Nullable [] values(TensorProto tensor) {
    ElementType type = ElementType.of(tensor.getDataType());
    if (type == null || tensor.getRawData().size() > MOST_VALUES * Long.BYTES) {
      return null;
    }
    if (tensor.hasRawData()) {
      ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      return switch (type) {
        case INT64 -> all(raw, Long.BYTES, ByteBuffer::getLong);
        case INT32 -> all(raw, Integer.BYTES, ByteBuffer::getInt);
        case FLOAT -> all(raw, Float.BYTES, ByteBuffer::getFloat);
        case DOUBLE -> all(raw, Double.BYTES, ByteBuffer::getDouble);
        case BOOL -> all(raw, Byte.BYTES, ByteBuffer::get);
        default -> null;
      };
    }
    List<? extends Number> values =
        switch (type) {
          case INT64 -> tensor.getInt64DataList();
          case INT32, BOOL -> tensor.getInt32DataList();
          case FLOAT -> tensor.getFloatDataList();
          case DOUBLE -> tensor.getDoubleDataList();
          default -> List.of();
        };
    return values.size() > MOST_VALUES
        ? null
        : values.stream().mapToDouble(Number::doubleValue).toArray();
  }

  private static double[] all(ByteBuffer raw, int width, ToDoubleFunction<ByteBuffer> next) {
    double[] values = new double[raw.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      values[i] = next.applyAsDouble(raw);
    }
    return values;
  }

  /** Finds the values of a constant; empty for what is none, or a large one. */
  Optional<double[]> find(String name) {
    for (Constants scope = this; scope != null; scope = scope.outer) {
      double[] values = scope.byName.get(name);
      if (values != null) {
        return values.length == 0 ? Optional.empty() : Optional.of(values);
      }
    }
    return Optional.empty();
  }

  /** Finds the constant that is an input of a node; empty where it has no such input. */
  Optional<double[]> input(NodeProto node, int index) {
    return index < node.getInputCount() ? find(node.getInput(index)) : Optional.empty();
  }
}
