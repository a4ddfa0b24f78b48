package io.tidecast.architectures;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A graph in any layout whose forecast are the newest cells of its context, so that a test knows
 * the answer. Layouts are written as manifests have them.
 *
 * @param in layout of the input
 * @param out layout of the output; with levels they are 1 below, at and 1 above the cells
 * @param context cells of the past
 * @param horizon cells of the forecast
 * @param channels of both
 * @param batch that the nodes are made for; -1 for any
 * @param open whether the file says that any batch goes
 * @param type of the input and the output
 */
public record NewestCells(
    String in,
    String out,
    int context,
    int horizon,
    int channels,
    int batch,
    boolean open,
    DataType type) {

  private static final List<String> AXES = List.of("batch", "time", "channel", "level");

  /** 96 cells to 24. */
  public static NewestCells of(String in, String out, int channels) {
    return new NewestCells(in, out, 96, 24, channels, -1, false, DataType.FLOAT);
  }

  /** The same for one size of a batch. */
  public NewestCells ofBatches(int size, boolean saysAny) {
    return new NewestCells(in, out, context, horizon, channels, size, saysAny, type);
  }

  /** The same in another type. */
  public NewestCells in(DataType other) {
    return new NewestCells(in, out, context, horizon, channels, batch, open, other);
  }

  /** The same so far ahead. */
  public NewestCells ahead(int cells) {
    return new NewestCells(in, out, context, cells, channels, batch, open, type);
  }

  /** The file. */
  public byte[] onnx() {
    List<NodeProto> nodes = new ArrayList<>();
    GraphProto.Builder graph = GraphProto.newBuilder().setName("main_graph");
    boolean levels = out.contains("level");
    graph.addInput(port("x", in)).addOutput(port("y", out));
    // Without axes of size 1, in the usual order.
    List<String> inOrder = named(in);
    nodes.add(cast("x", "floats", DataType.FLOAT));
    nodes.add(node("Reshape", "named", "floats", "in_named"));
    graph.addInitializer(
        longs("in_named", inOrder.stream().mapToLong(a -> size(a, false)).toArray()));
    List<String> usual = AXES.subList(0, 3).stream().filter(inOrder::contains).toList();
    nodes.add(transpose("named", "usual", usual.stream().mapToInt(inOrder::indexOf).toArray()));
    nodes.add(node("Reshape", "whole", "usual", "in_whole"));
    graph.addInitializer(
        longs("in_whole", inOrder.contains("batch") ? batch : 1, context, channels));
    nodes.add(gather("whole", "newest"));
    graph.addInitializer(
        longs("ends", IntStream.range(context - horizon, context).mapToLong(i -> i).toArray()));
    String last = "newest";
    if (levels) {
      nodes.add(node("Unsqueeze", "each", "newest", "fourth"));
      nodes.add(node("Add", "levels", "each", "offsets"));
      graph.addInitializer(longs("fourth", 3));
      graph.addInitializer(
          TensorProto.newBuilder()
              .setName("offsets")
              .setDataType(DataType.FLOAT.getNumber())
              .addDims(3)
              .addAllFloatData(List.of(-1f, 0f, 1f)));
      last = "levels";
    }
    List<String> outOrder = named(out);
    List<Integer> order = new ArrayList<>(outOrder.stream().map(AXES::indexOf).toList());
    IntStream.range(0, levels ? 4 : 3).filter(i -> !order.contains(i)).forEach(order::add);
    nodes.add(transpose(last, "turned", order.stream().mapToInt(i -> i).toArray()));
    nodes.add(node("Reshape", "shaped", "turned", "out_shape"));
    graph.addInitializer(
        longs("out_shape", tokens(out).stream().mapToLong(a -> size(plain(a), true)).toArray()));
    nodes.add(cast("shaped", "y", type));
    graph.addAllNode(nodes);
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setProducerName("pytorch")
        .setProducerVersion("2.8.0")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static List<String> tokens(String layout) {
    return Arrays.asList(layout.split(","));
  }

  private static String plain(String axis) {
    return axis.equals("horizon") ? "time" : axis;
  }

  private static List<String> named(String layout) {
    return tokens(layout).stream()
        .map(NewestCells::plain)
        .filter(axis -> !axis.equals("1"))
        .toList();
  }

  private long size(String axis, boolean ahead) {
    return switch (axis) {
      case "batch" -> batch;
      case "time" -> ahead ? horizon : context;
      case "channel" -> channels;
      case "level" -> 3;
      default -> 1;
    };
  }

  private ValueInfoProto port(String name, String layout) {
    TensorShapeProto.Builder axes = TensorShapeProto.newBuilder();
    for (String token : tokens(layout)) {
      long size = size(plain(token), layout.equals(out) && name.equals("y"));
      TensorShapeProto.Dimension.Builder axis = axes.addDimBuilder();
      if (token.equals("batch") && (open || size < 0)) {
        axis.setDimParam("batch");
      } else {
        axis.setDimValue(size);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(axes)))
        .build();
  }

  private static TensorProto longs(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(DataType.INT64.getNumber())
            .addDims(values.length);
    Arrays.stream(values).forEach(tensor::addInt64Data);
    return tensor.build();
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(Arrays.asList(inputs))
        .addOutput(output)
        .build();
  }

  private static NodeProto cast(String input, String output, DataType type) {
    return node("Cast", output, input).toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type.getNumber()))
        .build();
  }

  private static NodeProto transpose(String input, String output, int... order) {
    AttributeProto.Builder permutation =
        AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(order).forEach(permutation::addInts);
    return node("Transpose", output, input).toBuilder().addAttribute(permutation).build();
  }

  private static NodeProto gather(String input, String output) {
    return node("Gather", output, input, "ends").toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("axis")
                .setType(AttributeProto.AttributeType.INT)
                .setI(1))
        .build();
  }
}
