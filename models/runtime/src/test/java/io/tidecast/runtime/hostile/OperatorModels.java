package io.tidecast.runtime.hostile;

import static io.tidecast.runtime.hostile.HostileModel.refused;
import static io.tidecast.runtime.hostile.Protos.attribute;
import static io.tidecast.runtime.hostile.Protos.bytes;
import static io.tidecast.runtime.hostile.Protos.call;
import static io.tidecast.runtime.hostile.Protos.function;
import static io.tidecast.runtime.hostile.Protos.graph;
import static io.tidecast.runtime.hostile.Protos.model;
import static io.tidecast.runtime.hostile.Protos.node;
import static io.tidecast.runtime.hostile.Protos.scalar;
import static io.tidecast.runtime.hostile.Protos.through;
import static io.tidecast.runtime.hostile.Protos.truth;
import static io.tidecast.runtime.hostile.Protos.value;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;

/** Models with operators that are foreign, reach out or draw, and functions that never end. */
final class OperatorModels {

  private static final String FOREIGN =
      "must use the operators of ai.onnx, ai.onnx.ml and com.microsoft, and functions that the file"
          + " defines, and uses ";
  private static final String REACHES = "must not read or run what is not in the graph, as ";
  private static final String RANDOM =
      "must not draw at random, or two runs on the same window differ: ";

  private OperatorModels() {}

  static List<HostileModel> all() {
    return List.of(
        refused(
            "foreign-operator",
            FOREIGN + "evil::Exec",
            f -> f.graph(bytes(through(call("Exec", "x", "context"))))),
        refused(
            "foreign-operator-in-a-subgraph",
            FOREIGN + "evil::Exec",
            f -> f.graph(bytes(branching(call("Exec", "out", "context"))))),
        refused(
            "foreign-operator-in-a-function",
            FOREIGN + "hidden::Exec",
            f ->
                f.graph(
                    model(through(call("f", "x", "context")))
                        .addFunctions(function("f", node("Exec", "x", "a").setDomain("hidden")))
                        .build()
                        .toByteArray())),
        refused(
            "foreign-operator-of-a-domain-with-functions",
            "evil::Exec must be a function that the file defines",
            f ->
                f.graph(
                    model(through(call("Exec", "x", "context")))
                        .addFunctions(function("f", node("Identity", "x", "a")))
                        .build()
                        .toByteArray())),
        refused(
            "compiled-context-by-path",
            REACHES + "com.microsoft::EPContext does",
            f ->
                f.graph(
                    bytes(
                        through(
                            node("EPContext", "x", "context")
                                .setDomain("com.microsoft")
                                .addAttribute(attribute("embed_mode", 0))
                                .addAttribute(attribute("ep_cache_context", "./bait.txt")))))),
        refused(
            "python-operator",
            REACHES + "com.microsoft::PythonOp does",
            f ->
                f.graph(
                    bytes(
                        through(
                            node("PythonOp", "x", "context")
                                .setDomain("com.microsoft")
                                .addAttribute(attribute("func_name", "os.system")))))),
        refused(
            "function-calls-itself",
            "must have no function that calls itself",
            f ->
                f.graph(
                    model(through(call("f", "x", "context")))
                        .addFunctions(function("f", call("g", "x", "a")))
                        .addFunctions(function("g", call("f", "x", "a")))
                        .build()
                        .toByteArray())),
        refused(
            "function-doubles-thirty-times",
            "must have at most 200,000 nodes",
            f -> f.graph(doubling())),
        refused(
            "function-chain",
            "must have at most 64 functions that call each other",
            f -> f.graph(chain())),
        refused(
            "random-normal",
            RANDOM + "RandomNormalLike",
            f -> f.graph(bytes(through(node("RandomNormalLike", "x", "context"))))),
        refused(
            "random-with-a-seed-in-a-function",
            RANDOM + "RandomUniform",
            f ->
                f.graph(
                    model(through(call("f", "x", "context")))
                        .addFunctions(
                            function(
                                "f", node("RandomUniform", "x").addAttribute(attribute("seed", 1))))
                        .build()
                        .toByteArray())),
        refused(
            "random-in-a-subgraph",
            RANDOM + "Bernoulli",
            f -> f.graph(bytes(branching(node("Bernoulli", "out", "context"))))),
        refused(
            "dropout-in-training",
            RANDOM + "Dropout",
            f ->
                f.graph(
                    bytes(
                        through(node("Dropout", "x", "context", "ratio", "train"))
                            .addInitializer(scalar("ratio", 0.5f))
                            .addInitializer(truth("train", true))))),
        refused(
            "dropout-in-training-sometimes",
            RANDOM + "Dropout",
            f ->
                f.graph(
                    bytes(
                        through(node("Dropout", "x", "context", "", "train"))
                            .addNode(node("IsNaN", "train", "context"))))));
  }

  private static GraphProto.Builder branching(NodeProto.Builder node) {
    GraphProto.Builder branch =
        GraphProto.newBuilder().setName("b").addOutput(value("out", -1, 4, 1)).addNode(node);
    return graph()
        .addInitializer(truth("yes", true))
        .addNode(
            node("If", "point", "yes")
                .addAttribute(attribute("then_branch", branch))
                .addAttribute(attribute("else_branch", branch)));
  }

  /** Thirty functions, each of which calls the next one twice: a thousand million nodes. */
  private static byte[] doubling() {
    ModelProto.Builder model = model(through(call("f0", "x", "context")));
    for (int i = 0; i < 30; i++) {
      String next = "f" + (i + 1);
      FunctionProto.Builder function =
          function("f" + i, call(next, "once", "a"), call(next, "x", "once"));
      model.addFunctions(function);
    }
    return model.addFunctions(function("f30", node("Identity", "x", "a"))).build().toByteArray();
  }

  private static byte[] chain() {
    ModelProto.Builder model = model(through(call("f0", "x", "context")));
    for (int i = 0; i < 50_000; i++) {
      model.addFunctions(function("f" + i, call("f" + (i + 1), "x", "a")));
    }
    return model.addFunctions(function("f50000", node("Identity", "x", "a"))).build().toByteArray();
  }
}
