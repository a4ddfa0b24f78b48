package io.tidecast.cli;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;

/**
 * A linear forecaster as PyTorch's exporter writes one: opset 17, its own names, {@code [batch,
 * time, channel]} to {@code [batch, horizon, channel]}. Step {@code h} ahead is the sum of {@code
 * weight(t, h)} times step {@code t} of the same channel.
 */
final class ForeignGraph {
  static final String INPUT = "onnx::Transpose_0";
  static final String OUTPUT = "57";
  static final int CONTEXT = 24;
  static final int HORIZON = 6;
  static final int CHANNELS = 3;

  private ForeignGraph() {}

  static float weight(int time, int ahead) {
    return (float) Math.sin(1 + time * HORIZON + ahead) / CONTEXT;
  }

  /**
   * @param batch its fixed size, or -1 for a dynamic axis
   */
  static ModelProto linear(long batch) {
    return model(List.of(value(INPUT, batch, CONTEXT, CHANNELS)), batch);
  }

  /** The same, with an input beside the series. */
  static ModelProto withMarks() {
    return model(
        List.of(value(INPUT, -1, CONTEXT, CHANNELS), value("x_mark_enc", -1, CONTEXT, 4)), -1);
  }

  /** Lengths left open. */
  static ModelProto ofAnyLength() {
    return model(List.of(value(INPUT, -1, -1, -1)), -1);
  }

  /** Three channels read as three levels of one. */
  static ModelProto withQuantiles() {
    ModelProto.Builder model = linear(-1).toBuilder();
    model
        .getGraphBuilder()
        .addOutput(value("y_quantiles", -1, HORIZON, CHANNELS))
        .addNode(
            NodeProto.newBuilder().setOpType("Identity").addInput(OUTPUT).addOutput("y_quantiles"));
    return model.build();
  }

  /** Without the transposes. */
  static ModelProto timeLast() {
    ModelProto.Builder model = linear(-1).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.setInput(0, value(INPUT, -1, CHANNELS, CONTEXT));
    graph.setOutput(0, value(OUTPUT, -1, CHANNELS, HORIZON));
    graph.removeNode(2).removeNode(0);
    graph.getNodeBuilder(0).setInput(0, INPUT).setOutput(0, OUTPUT);
    return model.build();
  }

  /** Of one series, {@code [batch, time]}. */
  static ModelProto withoutChannels() {
    ModelProto.Builder model = timeLast().toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.setInput(0, value(INPUT, -1, CONTEXT));
    graph.setOutput(0, value(OUTPUT, -1, HORIZON));
    return model.build();
  }

  private static ModelProto model(List<ValueInfoProto> inputs, long batch) {
    TensorProto.Builder weights =
        TensorProto.newBuilder()
            .setName("onnx::MatMul_12")
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addDims(CONTEXT)
            .addDims(HORIZON);
    for (int t = 0; t < CONTEXT; t++) {
      for (int h = 0; h < HORIZON; h++) {
        weights.addFloatData(weight(t, h));
      }
    }
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("main_graph")
            .addAllInput(inputs)
            .addOutput(value(OUTPUT, batch, HORIZON, CHANNELS))
            .addInitializer(weights)
            .addNode(transpose(INPUT, "series"))
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("MatMul")
                    .addInput("series")
                    .addInput("onnx::MatMul_12")
                    .addOutput("ahead"))
            .addNode(transpose("ahead", OUTPUT))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pytorch")
        .setProducerVersion("2.1.0")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }

  private static NodeProto transpose(String from, String to) {
    return NodeProto.newBuilder()
        .setOpType("Transpose")
        .addInput(from)
        .addOutput(to)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("perm")
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(List.of(0L, 2L, 1L)))
        .build();
  }

  private static ValueInfoProto value(String name, long... shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] < 0) {
        dimensions.addDimBuilder().setDimParam("dynamic_axis_" + axis);
      } else {
        dimensions.addDimBuilder().setDimValue(shape[axis]);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(dimensions)))
        .build();
  }
}
