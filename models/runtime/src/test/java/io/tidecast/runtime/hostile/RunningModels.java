package io.tidecast.runtime.hostile;

import static io.tidecast.runtime.hostile.HostileModel.passes;
import static io.tidecast.runtime.hostile.Protos.attribute;
import static io.tidecast.runtime.hostile.Protos.bytes;
import static io.tidecast.runtime.hostile.Protos.graph;
import static io.tidecast.runtime.hostile.Protos.longs;
import static io.tidecast.runtime.hostile.Protos.node;
import static io.tidecast.runtime.hostile.Protos.scalar;
import static io.tidecast.runtime.hostile.Protos.truth;
import static io.tidecast.runtime.hostile.Protos.value;
import static io.tidecast.runtime.hostile.Protos.zeros;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.tidecast.runtime.hostile.HostileModel.Harm;
import java.util.List;

/** Models that nothing can be said against until they run. */
final class RunningModels {

  /** A context that has this value makes {@code loop-for-one-value} run without end. */
  static final float VALUE = 13;

  private static final long ROUNDS = 1_000_000_000_000L;

  private RunningModels() {}

  static List<HostileModel> all() {
    return List.of(
        passes(
            "loop-without-end",
            Harm.ENDLESS,
            f -> f.graph(bytes(looping().addInitializer(scalar("rounds", ROUNDS))))),
        passes(
            "loop-for-one-value",
            Harm.ENDLESS_FOR_ONE_VALUE,
            f -> f.graph(bytes(loopForOneValue()))),
        passes(
            "not-a-number-below-a-million",
            Harm.NOT_A_NUMBER,
            f ->
                f.graph(
                    bytes(
                        graph()
                            .addInitializer(scalar("million", 1e6f))
                            .addNode(node("Sub", "less", "context", "million"))
                            .addNode(node("Log", "point", "less"))))),
        passes("fill-with-zeros-by-the-context", Harm.MEMORY, f -> f.graph(bytes(filling()))),
        passes("product-of-constants", Harm.MEMORY, f -> f.graph(bytes(product()))));
  }

  /** Adds nothing to the context so many times. */
  private static GraphProto.Builder looping() {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .setName("body")
            .addInput(value(DataType.INT64, "round"))
            .addInput(value(DataType.BOOL, "go"))
            .addInput(value("state", -1, 4, 1))
            .addOutput(value(DataType.BOOL, "on"))
            .addOutput(value("next", -1, 4, 1))
            .addNode(node("Identity", "on", "go"))
            .addNode(node("Add", "next", "state", "zero"));
    return graph()
        .addInitializer(truth("yes", true))
        .addInitializer(scalar("zero", 0f))
        .addNode(
            node("Loop", "point", "rounds", "yes", "context")
                .addAttribute(attribute("body", body)));
  }

  /** One round, and as many as ever where a context has the value. */
  private static GraphProto.Builder loopForOneValue() {
    GraphProto.Builder loop = looping();
    GraphProto.Builder graph = graph().addAllInitializer(loop.getInitializerList());
    return graph
        .addInitializer(scalar("value", VALUE))
        .addInitializer(scalar("many", ROUNDS))
        .addInitializer(scalar("one", 1L))
        .addNode(node("Equal", "same", "context", "value"))
        .addNode(node("Cast", "flags", "same").addAttribute(attribute("to", DataType.FLOAT_VALUE)))
        .addNode(node("ReduceMax", "any", "flags").addAttribute(attribute("keepdims", 0)))
        .addNode(node("Cast", "has", "any").addAttribute(attribute("to", DataType.BOOL_VALUE)))
        .addNode(node("Where", "rounds", "has", "many", "one"))
        .addAllNode(loop.getNodeList());
  }

  /** A tensor of 4 million million values, as large as the shape of the context says. */
  private static GraphProto.Builder filling() {
    return graph()
        .addInitializer(longs("million", 1_000_000, 1_000_000, 1))
        .addNode(node("Shape", "shape", "context"))
        .addNode(node("Mul", "large", "shape", "million"))
        .addNode(node("ConstantOfShape", "zeros", "large"))
        .addNode(node("ReduceSum", "sum", "zeros").addAttribute(attribute("keepdims", 0)))
        .addNode(node("Add", "point", "context", "sum"));
  }

  /** ONNX Runtime multiplies constants when it opens a graph: a million million values. */
  private static GraphProto.Builder product() {
    return graph()
        .addInitializer(zeros("column", 1_000_000, 1))
        .addInitializer(zeros("row", 1, 1_000_000))
        .addNode(node("MatMul", "square", "column", "row"))
        .addNode(node("ReduceSum", "sum", "square").addAttribute(attribute("keepdims", 0)))
        .addNode(node("Add", "point", "context", "sum"));
  }
}
