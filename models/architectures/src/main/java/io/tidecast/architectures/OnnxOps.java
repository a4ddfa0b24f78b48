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
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records an ONNX graph. Initialisers keep the official parameter names and shapes, so the file can
 * be read as a checkpoint too; the runtime folds what is constant when it loads.
 *
 * <p>One instance records one graph; one thread.
 */
public final class OnnxOps implements Ops<OnnxOps.Value> {
  /** Operator set of every graph: the first with {@code Attention}. */
  public static final int OPSET = 23;

  private static final int IR_VERSION = 11;
  private static final String OPTIONAL = "";

  /** A tensor of the graph. */
  public record Value(String name) {}

  private final Map<String, Tensor> weights;
  private final boolean tapped;
  private final boolean declaring;
  private final Parameters asked = new Parameters();
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
  private final Map<TensorProto, Value> constants = new HashMap<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();
  private int names;

  private OnnxOps(Map<String, Tensor> weights, boolean tapped, boolean declaring) {
    this.weights = weights;
    this.tapped = tapped;
    this.declaring = declaring;
  }

  /** A graph of the given weights. */
  public static OnnxOps of(Map<String, Tensor> weights) {
    return new OnnxOps(weights, false, false);
  }

  /** The same, with every tapped intermediate as a further output. */
  public static OnnxOps tapped(Map<String, Tensor> weights) {
    return new OnnxOps(weights, true, false);
  }

  /** A graph without weights, to learn what a network asks for. */
  static OnnxOps declaring() {
    return new OnnxOps(Map.of(), false, true);
  }

  Parameters asked() {
    return asked;
  }

  /** An input for each port, under the name of its role. */
  public Inputs<Value> inputs(List<Port> ports) {
    Map<Role, Value> values = new EnumMap<>(Role.class);
    ports.forEach(port -> values.put(port.role(), input(port.role().wireName(), port.lengths())));
    return new Inputs<>(values);
  }

  /** Makes a value the output of a port, under the name of its role. */
  public void output(Port port, Value value) {
    output(port.role().wireName(), value, port.lengths());
  }

  /**
   * A float input.
   *
   * @param shape with -1 for the batch
   */
  public Value input(String name, long... shape) {
    inputs.add(valueInfo(name, shape));
    return new Value(name);
  }

  /** Makes a value a float output of the graph. */
  public void output(String name, Value value, long... shape) {
    rename(name, value, valueInfo(name, shape));
  }

  /**
   * The model file.
   *
   * @param metadata free entries, read by tools and by the runtime
   */
  public byte[] toModel(String graphName, Map<String, String> metadata) {
    List<NodeProto> live = withoutUnused();
    Set<String> read =
        live.stream().flatMap(n -> n.getInputList().stream()).collect(Collectors.toSet());
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName(graphName)
            .addAllNode(live)
            .addAllInput(inputs)
            .addAllOutput(outputs.values());
    initializers.values().stream()
        .filter(tensor -> read.contains(tensor.getName()))
        .forEach(graph::addInitializer);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("tidecast")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
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

  @Override
  public Value parameter(String name, Init init, long... shape) {
    asked.learned(name, shape);
    if (!declaring && !initializers.containsKey(name)) {
      Tensor tensor = weights.get(name);
      if (tensor == null) {
        throw new WeightsException("weights must hold " + name + " " + Arrays.toString(shape));
      }
      if (!tensor.isFloat() || !Arrays.equals(tensor.shape(), shape)) {
        throw new WeightsException(
            "weight "
                + name
                + " must be F32 "
                + Arrays.toString(shape)
                + ", found "
                + tensor.describe());
      }
      initializers.put(name, proto(name, tensor));
    }
    return new Value(name);
  }

  @Override
  public long[] table(String name, long[] drawn) {
    asked.table(name, drawn.length);
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      return drawn;
    }
    if (tensor.isFloat() || tensor.longs().length != drawn.length) {
      throw new WeightsException(
          "weight " + name + " must be I64 of " + drawn.length + ", found " + tensor.describe());
    }
    return tensor.longs();
  }

  @Override
  public Value constant(float[] values, long... shape) {
    return initializer(Tensor.of(values, shape));
  }

  @Override
  public void unlearned(String name, float... values) {
    asked.unlearned(name, values);
  }

  private Value integers(long[] values, long... shape) {
    return initializer(Tensor.of(values, shape));
  }

  /** Equal constants are stored once: every layer brings its own. */
  private Value initializer(Tensor tensor) {
    return constants.computeIfAbsent(
        proto("", tensor),
        unnamed -> {
          String name = fresh("constant");
          initializers.put(name, unnamed.toBuilder().setName(name).build());
          return new Value(name);
        });
  }

  @Override
  public Value reshape(Value x, long... shape) {
    return node("Reshape", List.of(x, integers(shape, shape.length)));
  }

  @Override
  public Value permute(Value x, int... axes) {
    return node(
        "Transpose", List.of(x), ints("perm", Arrays.stream(axes).asLongStream().toArray()));
  }

  @Override
  public Value gather(Value x, int axis, long[] indices, long... indexShape) {
    return node("Gather", List.of(x, integers(indices, indexShape)), integer("axis", axis));
  }

  @Override
  public Value slice(Value x, int axis, int first, int count) {
    Value from = integers(new long[] {first}, 1);
    Value to = integers(new long[] {(long) first + count}, 1);
    return node("Slice", List.of(x, from, to, integers(new long[] {axis}, 1)));
  }

  @Override
  public Value concat(List<Value> xs, int axis) {
    return node("Concat", xs, integer("axis", axis));
  }

  @Override
  public Value pad(Value x, int axis, int before, int after) {
    return node(
        "Pad",
        List.of(
            x,
            integers(new long[] {before, after}, 2),
            constant(0),
            integers(new long[] {axis}, 1)));
  }

  @Override
  public Value add(Value a, Value b) {
    return node("Add", List.of(a, b));
  }

  @Override
  public Value sub(Value a, Value b) {
    return node("Sub", List.of(a, b));
  }

  @Override
  public Value mul(Value a, Value b) {
    return node("Mul", List.of(a, b));
  }

  @Override
  public Value div(Value a, Value b) {
    return node("Div", List.of(a, b));
  }

  @Override
  public Value sqrt(Value x) {
    return node("Sqrt", List.of(x));
  }

  /**
   * Not ReduceMean: in ONNX Runtime 1.28 the order of its sum, and so the last bit, changes with
   * the size of the batch.
   */
  @Override
  public Value mean(Value x) {
    return node("GlobalAveragePool", List.of(x));
  }

  @Override
  public Value max(Value x, int axis) {
    return node("ReduceMax", List.of(x, integers(new long[] {axis}, 1)), integer("keepdims", 1));
  }

  @Override
  public Value cumulate(Value x, int axis) {
    return node("CumSum", List.of(x, integers(new long[] {axis})));
  }

  @Override
  public Value sort(Value x, int length) {
    return topK(x, length, false).get(0);
  }

  @Override
  public Value greatest(Value x, int count, int length) {
    Value places = topK(topK(x, count, true).get(1), count, false).get(0);
    Value depth = integers(new long[] {length}, 1);
    return node(
        "OneHot", List.of(places, depth, constant(new float[] {0, 1}, 2)), integer("axis", -1));
  }

  /** Values and places, the greatest or the least first. */
  private List<Value> topK(Value x, int count, boolean greatest) {
    Value values = new Value(fresh("TopK"));
    Value places = new Value(fresh("places"));
    nodes.add(
        NodeProto.newBuilder()
            .setOpType("TopK")
            .setName(values.name())
            .addInput(x.name())
            .addInput(integers(new long[] {count}, 1).name())
            .addOutput(values.name())
            .addOutput(places.name())
            .addAttribute(integer("largest", greatest ? 1 : 0))
            .build());
    return List.of(values, places);
  }

  @Override
  public Value softmax(Value x) {
    return node("Softmax", List.of(x), integer("axis", -1));
  }

  @Override
  public Value matmul(Value a, Value b) {
    return node("MatMul", List.of(a, b));
  }

  @Override
  public Value linear(Value x, Value weight, Value bias) {
    Value product = matmul(x, permute(weight, 1, 0));
    return bias == null ? product : add(product, bias);
  }

  @Override
  public Value gelu(Value x) {
    return node("Gelu", List.of(x));
  }

  @Override
  public Value relu(Value x) {
    return node("Relu", List.of(x));
  }

  @Override
  public Value elu(Value x) {
    return node("Elu", List.of(x));
  }

  @Override
  public Value silu(Value x) {
    return mul(x, node("Sigmoid", List.of(x)));
  }

  /** One multiply and one add: the runtime folds the statistics into two constants. */
  @Override
  public Value batchNorm(Value x, String name, int features, double epsilon) {
    Value weight = parameter(name + ".weight", Init.ONES, features);
    Value bias = parameter(name + ".bias", Init.ZEROS, features);
    Value mean = parameter(name + ".running_mean", Init.ZEROS, features);
    Value variance = parameter(name + ".running_var", Init.ONES, features);
    unlearned(name + ".num_batches_tracked");
    Value scale = div(weight, sqrt(add(variance, constant(epsilon))));
    return add(mul(x, scale), sub(bias, mul(mean, scale)));
  }

  @Override
  public Value layerNorm(Value x, Value weight, Value bias, double epsilon) {
    return node(
        "LayerNormalization",
        List.of(x, weight, bias),
        integer("axis", -1),
        decimal("epsilon", epsilon));
  }

  @Override
  public Value dropout(Value x, double probability) {
    return x;
  }

  @Override
  public Attention<Value> attention(
      Value query, Value key, Value value, int heads, double scale, Value bias) {
    String output = fresh("attention");
    String scores = fresh("scores");
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType("Attention")
            .setName(output)
            .addInput(query.name())
            .addInput(key.name())
            .addInput(value.name())
            .addOutput(output)
            .addOutput(OPTIONAL)
            .addOutput(OPTIONAL)
            .addOutput(scores)
            .addAttribute(integer("q_num_heads", heads))
            .addAttribute(integer("kv_num_heads", heads))
            .addAttribute(decimal("scale", scale))
            // 2: the scores handed out have the bias added (ONNX Runtime 1.28 leaves it out in mode
            // 1).
            .addAttribute(integer("qk_matmul_output_mode", 2));
    if (bias != null) {
      node.addInput(bias.name());
    }
    nodes.add(node.build());
    return new Attention<>(new Value(output), new Value(scores));
  }

  @Override
  public Value tap(String name, Value value) {
    if (tapped) {
      rename(name, value, ValueInfoProto.newBuilder().setName(name).setType(floats()).build());
    }
    return value;
  }

  private void rename(String name, Value value, ValueInfoProto info) {
    nodes.add(
        NodeProto.newBuilder()
            .setOpType("Identity")
            .setName(name)
            .addInput(value.name())
            .addOutput(name)
            .build());
    if (outputs.put(name, info) != null) {
      throw new IllegalArgumentException("outputs must have different names: name=" + name);
    }
  }

  private Value node(String type, List<Value> in, AttributeProto... attributes) {
    String name = fresh(type);
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(type).setName(name).addOutput(name);
    in.forEach(value -> node.addInput(value.name()));
    node.addAllAttribute(List.of(attributes));
    nodes.add(node.build());
    return new Value(name);
  }

  private String fresh(String kind) {
    return kind + "_" + names++;
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

  private static ValueInfoProto valueInfo(String name, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long length : shape) {
      dims.addDim(
          length < 0
              ? TensorShapeProto.Dimension.newBuilder().setDimParam("batch")
              : TensorShapeProto.Dimension.newBuilder().setDimValue(length));
    }
    TypeProto.Tensor.Builder tensor = floats().getTensorType().toBuilder().setShape(dims);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TypeProto floats() {
    return TypeProto.newBuilder()
        .setTensorType(
            TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()))
        .build();
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto decimal(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }
}
