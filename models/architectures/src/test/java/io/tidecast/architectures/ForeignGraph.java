package io.tidecast.architectures;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
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
public final class ForeignGraph {
  public static final String INPUT = "onnx::Transpose_0";
  public static final String OUTPUT = "57";
  public static final int CONTEXT = 24;
  public static final int HORIZON = 6;
  public static final int CHANNELS = 3;

  private ForeignGraph() {}

  /** Share of step {@code time} of the past in step {@code ahead}, counted from 0. */
  public static float weight(int time, int ahead) {
    return (float) Math.sin(1 + time * HORIZON + ahead) / CONTEXT;
  }

  /**
   * @param batch its fixed size, or -1 for a dynamic axis
   */
  public static byte[] linear(long batch) {
    return model(List.of(value(INPUT, batch, CONTEXT, CHANNELS)), batch).build().toByteArray();
  }

  /** The same, with an input beside the series. */
  public static byte[] withMarks() {
    return model(
            List.of(value(INPUT, -1, CONTEXT, CHANNELS), value("x_mark_enc", -1, CONTEXT, 4)), -1)
        .build()
        .toByteArray();
  }

  /** The same, given patches of 8, one beside the other, of each channel. */
  public static byte[] ofPatches() {
    ModelProto.Builder model = model(List.of(value("x_patches", -1, CONTEXT / 8, 8)), -1);
    model
        .getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("shape")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(3)
                .addInt64Data(-1)
                .addInt64Data(CHANNELS)
                .addInt64Data(CONTEXT))
        .setNode(
            0,
            NodeProto.newBuilder()
                .setOpType("Reshape")
                .addInput("x_patches")
                .addInput("shape")
                .addOutput("series"));
    return model.build().toByteArray();
  }

  /** Lengths left open. */
  public static byte[] ofAnyLength() {
    return model(List.of(value(INPUT, -1, -1, -1)), -1).build().toByteArray();
  }

  /** Three channels read as three levels of one. */
  public static byte[] withQuantiles() {
    return withOutput("y_quantiles");
  }

  /** The same, each channel with a single level. */
  public static byte[] withQuantilesOfEachChannel() {
    ModelProto.Builder model = dynamic();
    model
        .getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("last")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(1)
                .addInt64Data(3))
        .addOutput(value("y_quantiles", -1, HORIZON, CHANNELS, 1))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Unsqueeze")
                .addInput(OUTPUT)
                .addInput("last")
                .addOutput("y_quantiles"));
    return model.build().toByteArray();
  }

  /** A second output, whose name tells nothing. */
  public static byte[] withTwoOutputs() {
    return withOutput("58");
  }

  private static byte[] withOutput(String name) {
    ModelProto.Builder model = dynamic();
    model
        .getGraphBuilder()
        .addOutput(value(name, -1, HORIZON, CHANNELS))
        .addNode(NodeProto.newBuilder().setOpType("Identity").addInput(OUTPUT).addOutput(name));
    return model.build().toByteArray();
  }

  /** {@code [batch, channel, time]} to {@code [batch, channel, horizon]}. */
  public static byte[] timeLast() {
    return withoutTransposes(
        value(INPUT, -1, CHANNELS, CONTEXT), value(OUTPUT, -1, CHANNELS, HORIZON));
  }

  /** Of one series, {@code [batch, time]}. */
  public static byte[] withoutChannels() {
    return withoutTransposes(value(INPUT, -1, CONTEXT), value(OUTPUT, -1, HORIZON));
  }

  private static byte[] withoutTransposes(ValueInfoProto input, ValueInfoProto output) {
    ModelProto.Builder model = dynamic();
    GraphProto.Builder graph = model.getGraphBuilder();
    graph.setInput(0, input).setOutput(0, output).removeNode(2).removeNode(0);
    graph.getNodeBuilder(0).setInput(0, INPUT).setOutput(0, OUTPUT);
    return model.build().toByteArray();
  }

  /** With an operator that nobody knows. */
  public static byte[] withUnknownOperator() {
    ModelProto.Builder model = dynamic();
    model.getGraphBuilder().getNodeBuilder(1).setOpType("MagicMul");
    return model.build().toByteArray();
  }

  /** Its weights in a file beside it. */
  public static byte[] withWeightsIn(String location) {
    ModelProto.Builder model = dynamic();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearFloatData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    return model.build().toByteArray();
  }

  private static ModelProto.Builder dynamic() {
    return model(List.of(value(INPUT, -1, CONTEXT, CHANNELS)), -1);
  }

  private static ModelProto.Builder model(List<ValueInfoProto> inputs, long batch) {
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
        .setGraph(graph);
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
