package io.tidecast.graph;

import static io.tidecast.graph.GraphFinding.Kind.FOREIGN;
import static io.tidecast.graph.GraphFinding.Kind.RANDOM;
import static io.tidecast.graph.GraphFinding.Kind.REACHES_OUT;
import static io.tidecast.graph.GraphFinding.Kind.SIZE;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which operators a graph may use. */
final class OperatorCheck {

  private static final List<String> DOMAINS = List.of("", "ai.onnx.ml", "com.microsoft");

  /**
   * These hand something over to a device, to Python or to torch, some of them by the path of a
   * file.
   */
  private static final Set<String> REACHING_OUT =
      Set.of("ATen", "EPContext", "ExternalOp", "PythonOp", "PythonOpGrad", "Snpe");

  private static final Set<String> DRAWING =
      Set.of(
          "Bernoulli",
          "Multinomial",
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Sampling");

  /** These draw in training mode; the flag that turns it on is their input of this number. */
  private static final Map<String, Integer> DRAWING_IN_TRAINING =
      Map.of(
          "Dropout", 2,
          "BitmaskDropout", 2,
          "BiasDropout", 4,
          "BitmaskBiasDropout", 4);

  private final Functions functions;
  private final Findings findings;

  OperatorCheck(Functions functions, Findings findings) {
    this.functions = functions;
    this.findings = findings;
  }

  /**
   * Checks one node.
   *
   * @param runs whether it is in what is run, and not in what a file keeps for training
   */
  void check(Place place, NodeProto node, Constants constants, boolean runs) {
    String domain = Functions.domain(node.getDomain());
    String operator = shown(domain, node.getOpType());
    if (!DOMAINS.contains(domain) && !functions.defines(node)) {
      findings.add(
          FOREIGN,
          place,
          functions.defines(domain)
              ? operator + " must be a function that the file defines, as others of its domain are"
              : "must use the operators of ai.onnx, ai.onnx.ml and com.microsoft, and functions"
                  + " that the file defines, and uses "
                  + operator
                  + ": export it without custom operators");
    }
    if (REACHING_OUT.contains(node.getOpType())) {
      findings.add(
          REACHES_OUT,
          place,
          "must not read or run what is not in the graph, as "
              + operator
              + " does: export it for the CPU, without a device or Python in it");
    }
    if (runs && (DRAWING.contains(node.getOpType()) || drawsInTraining(node, constants))) {
      findings.add(
          RANDOM,
          place,
          "must not draw at random, or two runs on the same window differ: "
              + operator
              + ": export it in evaluation mode (model.eval() in PyTorch), or let it take the draws"
              + " as an input of role noise");
    }
    if (Sizes.ofConstants(node, constants) > GraphLimits.MOST_VALUES) {
      findings.add(
          SIZE,
          place,
          "must make no tensor of more than %,d values, as %s does with its constants"
              .formatted(GraphLimits.MOST_VALUES, operator));
    }
  }

  /** Says that a graph draws unless it is certain that it does not. */
  private static boolean drawsInTraining(NodeProto node, Constants constants) {
    Integer flag = DRAWING_IN_TRAINING.get(node.getOpType());
    if (flag == null) {
      return false;
    }
    if (flag < node.getInputCount() && !node.getInput(flag).isEmpty()) {
      return constants.input(node, flag).map(values -> values[0] != 0).orElse(true);
    }
    return node.getAttributeList().stream()
        .anyMatch(attribute -> attribute.getName().equals("is_test") && isZero(attribute));
  }

  private static boolean isZero(AttributeProto attribute) {
    return attribute.getI() == 0;
  }

  private static String shown(String domain, String type) {
    return Shown.of(domain.isEmpty() ? type : domain + "::" + type);
  }
}
