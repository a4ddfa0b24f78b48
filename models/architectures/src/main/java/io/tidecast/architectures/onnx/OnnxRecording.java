package io.tidecast.architectures.onnx;

import static java.util.Objects.requireNonNull;

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
import com.google.protobuf.ByteString;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX graph while it is being recorded: nodes, what they read, what comes out. One thread. */
final class OnnxRecording {
  private static final int IR_VERSION = 11;

  /** An initialiser in half precision has the name of the original and this. */
  private static final String HALF = ".half";

  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<TensorProto, String> constants = new HashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Set<String> halves = new HashSet<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();
  private int names;

  /** A name that nothing has yet. */
  String fresh(String kind) {
    return kind + "_" + names++;
  }

  void add(NodeProto node) {
    nodes.add(node);
  }

  /** Adds a node of one result, whose name it gives back. */
  String add(String type, List<OnnxOps.Value> in, AttributeProto... attributes) {
    String name = fresh(type);
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).setName(name).addOutput(name);
    in.forEach(value -> node.addInput(value.name()));
    add(node.addAllAttribute(List.of(attributes)).build());
    return name;
  }

  /**
   * Keeps the shape of a result, floats, for the file. ONNX Runtime infers shapes itself, but loses
   * the batch at a reshape; with it known on both sides it makes one kernel of an addition and the
   * layer norm after it.
   *
   * @param half whether they are 16-bit floats, and not 32-bit ones
   */
  void know(String name, Shape shape, boolean half) {
    shapes.put(name, shape);
    if (half) {
      halves.add(name);
    }
  }

  /** Adds a float input. */
  void input(String name, Shape shape) {
    inputs.add(valueInfo(name, shape, TensorProto.DataType.FLOAT));
  }

  /** Makes a value a float output under a name of its own. */
  void output(String name, String value, Shape shape) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(name)
            .addInput(value)
            .addOutput(name)
            .build());
    if (outputs.put(name, valueInfo(name, shape, TensorProto.DataType.FLOAT)) != null) {
      throw new IllegalArgumentException("outputs must have different names: name=" + name);
    }
  }

  boolean holds(String initializer) {
    return initializers.containsKey(initializer);
  }

  void hold(String name, Tensor tensor) {
    initializers.put(name, proto(name, tensor));
  }

  /**
   * Holds an initialiser in half precision too, and gives back its name there. Only what nodes read
   * is in the file.
   *
   * @throws WeightsException if a value is too large
   */
  String holdHalf(String initializer) {
    String name = initializer + HALF;
    initializers.computeIfAbsent(
        name, added -> half(added, requireNonNull(initializers.get(initializer))));
    return name;
  }

  private static TensorProto half(String name, TensorProto single) {
    FloatBuffer values =
        single.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    ByteBuffer raw = ByteBuffer.allocate(values.remaining() * Short.BYTES);
    raw.order(ByteOrder.LITTLE_ENDIAN);
    while (values.hasRemaining()) {
      float value = values.get();
      short half = Half.of(value);
      if (Float.isFinite(value) && !Half.isFinite(half)) {
        throw new WeightsException(
            "weights must be within -65504..65504 in half precision: %s has %s"
                .formatted(single.getName(), value));
      }
      raw.putShort(half);
    }
    return single.toBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.FLOAT16.getNumber())
        .setRawData(ByteString.copyFrom(raw.flip()))
        .build();
  }

  /** Equal constants are stored once: every layer brings its own. */
  String constant(Tensor tensor) {
    return constants.computeIfAbsent(
        proto("", tensor),
        unnamed -> {
          String name = fresh("constant");
          initializers.put(name, unnamed.toBuilder().setName(name).build());
          return name;
        });
  }

  /** The bytes of the model file. */
  byte[] toModel(String graphName, Map<String, String> metadata) {
    List<NodeProto> live = withoutUnused();
    if (halves.isEmpty()) {
      // Kernels of processors: what is in half precision is for GPUs.
      live = new NormsOfSums(shapes).of(live);
    }
    Set<String> read =
        live.stream().flatMap(n -> n.getInputList().stream()).collect(Collectors.toSet());
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName(graphName)
            .addAllNode(live)
            .addAllInput(inputs)
            .addAllOutput(outputs.values());
    for (NodeProto node : live) {
      for (String name : node.getOutputList()) {
        Shape shape = shapes.get(name);
        if (shape != null && !outputs.containsKey(name)) {
          TensorProto.DataType type =
              halves.contains(name) ? TensorProto.DataType.FLOAT16 : TensorProto.DataType.FLOAT;
          graph.addValueInfo(valueInfo(name, shape, type));
        }
      }
    }
    initializers.values().stream()
        .filter(tensor -> read.contains(tensor.getName()))
        .forEach(graph::addInitializer);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("tidecast")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OnnxOps.OPSET))
            .setGraph(graph);
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  /** Drops nodes that reach no output, and scores of attention that nobody reads. */
  private List<NodeProto> withoutUnused() {
    Set<String> used = new HashSet<>(outputs.keySet());
    List<NodeProto> live = new ArrayList<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeProto.Builder node = nodes.get(i).toBuilder();
      if (node.getOutputList().stream().noneMatch(used::contains)) {
        continue;
      }
      int last = node.getOutputCount() - 1;
      if (node.getOpType().equals("Attention") && !used.contains(node.getOutput(last))) {
        node.clearOutput().addOutput(nodes.get(i).getOutput(0));
      }
      live.add(0, node.build());
      used.addAll(node.getInputList());
    }
    return live;
  }

  private static TensorProto proto(String name, Tensor tensor) {
    TensorProto.Builder proto = TensorProto.newBuilder().setName(name);
    Arrays.stream(tensor.shape()).forEach(proto::addDims);
    ByteBuffer raw;
    if (tensor.isFloat()) {
      raw = ByteBuffer.allocate(tensor.floats().length * Float.BYTES);
      raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.floats());
      proto.setDataType(TensorProto.DataType.FLOAT.getNumber());
    } else {
      raw = ByteBuffer.allocate(tensor.longs().length * Long.BYTES);
      raw.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(tensor.longs());
      proto.setDataType(TensorProto.DataType.INT64.getNumber());
    }
    return proto.setRawData(ByteString.copyFrom(raw)).build();
  }

  private static ValueInfoProto valueInfo(String name, Shape shape, TensorProto.DataType type) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (Shape.Axis axis : shape.axes()) {
      dims.addDim(
          axis.ofBatch()
              ? TensorShapeProto.Dimension.newBuilder().setDimParam(axis.symbol())
              : TensorShapeProto.Dimension.newBuilder().setDimValue(axis.size()));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(dims).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
