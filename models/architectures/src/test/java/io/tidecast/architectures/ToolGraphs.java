package io.tidecast.architectures;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;

/**
 * Graphs as tools write them by what their exporters document, for tools of which no file is at
 * hand: names, axes, types and operator sets are theirs, the weights are made up. 96 steps of one
 * channel.
 */
public final class ToolGraphs {

  public static final int CONTEXT = 96;
  public static final int HORIZON = 24;

  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();

  private ToolGraphs() {}

  /** Two trees over two lags, one step ahead: what onnxmltools makes of an LGBMRegressor. */
  public static byte[] lightGbm() {
    NodeProto trees =
        NodeProto.newBuilder()
            .setName("TreeEnsembleRegressor")
            .setOpType("TreeEnsembleRegressor")
            .setDomain("ai.onnx.ml")
            .addInput("input")
            .addOutput("variable")
            .addAttribute(ints("nodes_treeids", 0, 0, 0, 1, 1, 1))
            .addAttribute(ints("nodes_nodeids", 0, 1, 2, 0, 1, 2))
            .addAttribute(ints("nodes_featureids", 95, 0, 0, 72, 0, 0))
            .addAttribute(
                texts("nodes_modes", "BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"))
            .addAttribute(floats("nodes_values", 100, 0, 0, 110, 0, 0))
            .addAttribute(ints("nodes_truenodeids", 1, 0, 0, 1, 0, 0))
            .addAttribute(ints("nodes_falsenodeids", 2, 0, 0, 2, 0, 0))
            .addAttribute(ints("nodes_missing_value_tracks_true", 0, 0, 0, 0, 0, 0))
            .addAttribute(floats("nodes_hitrates", 1, 1, 1, 1, 1, 1))
            .addAttribute(ints("target_treeids", 0, 0, 1, 1))
            .addAttribute(ints("target_nodeids", 1, 2, 1, 2))
            .addAttribute(ints("target_ids", 0, 0, 0, 0))
            .addAttribute(floats("target_weights", 80.5f, 110.25f, 3.5f, 11.125f))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("n_targets")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(1))
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("post_transform")
                    .setType(AttributeProto.AttributeType.STRING)
                    .setS(ByteString.copyFromUtf8("NONE")))
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("lightgbm")
            .addInput(port("input", -1, CONTEXT))
            .addOutput(port("variable", -1, 1))
            .addNode(trees)
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("OnnxMLTools")
        .setProducerVersion("1.16.0")
        .setDomain("onnxconverter-common")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(1))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(15))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  /**
   * A linear model of neuralforecast as a wrapper exports it that takes the tensors of its windows:
   * the series, what of it was observed.
   */
  public static byte[] neuralForecast() {
    return pytorch(
        List.of(port("insample_y", -1, CONTEXT, 1), port("insample_mask", -1, CONTEXT, 1)),
        port("y_hat", -1, HORIZON, 1),
        node("Mul", "masked", "insample_y", "insample_mask"),
        node("Squeeze", "series", "masked", "last"),
        node("MatMul", "sum", "series", "weights"),
        node("Unsqueeze", "y_hat", "sum", "last"));
  }

  /**
   * An NLinear of Darts as {@code to_onnx} exports it: deviations from the newest value, and an
   * axis for the parameters of a distribution, of which there is one.
   */
  public static byte[] darts() {
    return pytorch(
        List.of(port("past_target", -1, CONTEXT, 1)),
        port("prediction", -1, HORIZON, 1, 1),
        node("Squeeze", "series", "past_target", "last"),
        node("Gather", "newest", "series", "end").toBuilder()
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("axis")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(1))
            .build(),
        node("Sub", "deviations", "series", "newest"),
        node("MatMul", "moved", "deviations", "weights"),
        node("Add", "sum", "moved", "newest"),
        node("Unsqueeze", "channels", "sum", "last"),
        node("Unsqueeze", "prediction", "channels", "fourth"));
  }

  private static byte[] pytorch(
      List<ValueInfoProto> inputs, ValueInfoProto output, NodeProto... nodes) {
    TensorProto.Builder weights =
        TensorProto.newBuilder()
            .setName("weights")
            .setDataType(FLOAT)
            .addDims(CONTEXT)
            .addDims(HORIZON);
    for (int i = 0; i < CONTEXT * HORIZON; i++) {
      weights.addFloatData((float) Math.sin(1 + i) / CONTEXT);
    }
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("main_graph")
            .addAllInput(inputs)
            .addOutput(output)
            .addInitializer(weights)
            .addInitializer(index("last", 2))
            .addInitializer(index("fourth", 3))
            .addInitializer(index("end", CONTEXT - 1))
            .addAllNode(Arrays.asList(nodes));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pytorch")
        .setProducerVersion("2.8.0")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static TensorProto index(String name, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT64)
        .addDims(1)
        .addInt64Data(value)
        .build();
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output)
        .build();
  }

  private static ValueInfoProto port(String name, long... shape) {
    TensorShapeProto.Builder axes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      TensorShapeProto.Dimension.Builder axis = axes.addDimBuilder();
      if (size < 0) {
        axis.setDimParam("batch");
      } else {
        axis.setDimValue(size);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(axes)))
        .build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder list =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      list.addInts(value);
    }
    return list.build();
  }

  private static AttributeProto floats(String name, float... values) {
    AttributeProto.Builder list =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
    for (float value : values) {
      list.addFloats(value);
    }
    return list.build();
  }

  private static AttributeProto texts(String name, String... values) {
    AttributeProto.Builder list =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    for (String value : values) {
      list.addStrings(ByteString.copyFromUtf8(value));
    }
    return list.build();
  }
}
