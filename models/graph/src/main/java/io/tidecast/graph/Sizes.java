package io.tidecast.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** How many values a tensor has; counted in decimals, which do not overflow. */
final class Sizes {

  /** These say how large a result is, or how much a filter takes. */
  private static final Set<String> SIZING =
      Set.of(
          "dilations",
          "image_shape",
          "kernel_shape",
          "output_padding",
          "output_shape",
          "pads",
          "shape",
          "strides");

  private Sizes() {}

  /** Multiplies dimensions that are not negative. */
  static double product(List<Long> dimensions) {
    return dimensions.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
  }

  private static double product(double[] values, DoubleUnaryOperator factor) {
    return Arrays.stream(values).map(factor).reduce(1, (a, b) -> a * b);
  }

  /**
   * Counts the values that a node makes, or the least of them, where constants tell it; 0 where
   * they don't.
   */
  static double ofConstants(NodeProto node, Constants constants) {
    double attributes =
        node.getAttributeList().stream()
            .filter(attribute -> SIZING.contains(attribute.getName()))
            .flatMap(attribute -> attribute.getIntsList().stream())
            .mapToDouble(size -> Math.abs((double) size))
            .max()
            .orElse(0);
    return Math.max(attributes, ofInputs(node, constants));
  }

  private static double ofInputs(NodeProto node, Constants constants) {
    return switch (node.getOpType()) {
      case "ConstantOfShape", "HannWindow", "HammingWindow", "BlackmanWindow" ->
          shape(node, constants, 0);
      case "Expand", "Tile", "AffineGrid", "CenterCropPad", "Col2Im", "OneHot", "Upsample" ->
          shape(node, constants, 1);
      case "MaxUnpool" -> shape(node, constants, 2);
      case "MelWeightMatrix" -> shape(node, constants, 0) * shape(node, constants, 1);
      case "Range" -> range(node, constants);
      case "Pad" ->
          constants.input(node, 1).map(pads -> product(pads, pad -> 1 + Math.abs(pad))).orElse(0.0);
      case "Resize" -> Math.max(shape(node, constants, 2), shape(node, constants, 3));
      default -> 0;
    };
  }

  /** Multiplies what an input asks for; an axis that is left as it is counts once. */
  private static double shape(NodeProto node, Constants constants, int input) {
    return constants
        .input(node, input)
        .map(values -> product(values, size -> Math.max(1, size)))
        .orElse(0.0);
  }

  private static double range(NodeProto node, Constants constants) {
    Optional<double[]> start = constants.input(node, 0);
    Optional<double[]> end = constants.input(node, 1);
    Optional<double[]> step = constants.input(node, 2);
    if (start.isEmpty() || end.isEmpty()) {
      return 0;
    }
    double by = step.map(values -> values[0]).orElse(1.0);
    double count = (end.get()[0] - start.get()[0]) / by;
    return Double.isNaN(count) ? 0 : count;
  }
}
