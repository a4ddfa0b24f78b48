package io.tidecast.architectures.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Init;
import io.tidecast.architectures.Inputs;
import io.tidecast.architectures.Ops;
import io.tidecast.architectures.Port;
import io.tidecast.architectures.Role;
import io.tidecast.architectures.Tensor;
import io.tidecast.architectures.WeightsException;
import io.tidecast.architectures.weights.Parameters;
import io.tidecast.graph.Attributes;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Records an ONNX graph. Initialisers keep the official parameter names and shapes, so the file can
 * be read as a checkpoint too; the runtime folds what is constant when it loads.
 *
 * <p>One instance records one graph; one thread.
 */
public final class OnnxOps implements Ops<OnnxOps.Value> {
  /** Operator set of every graph: the first with {@code Attention}. */
  public static final int OPSET = 23;

  private static final String OPTIONAL = "";
  private static final int INT64 = TensorProto.DataType.INT64.getNumber();
  private static final int FLOAT = TensorProto.DataType.FLOAT.getNumber();
  private static final int FLOAT16 = TensorProto.DataType.FLOAT16.getNumber();

  /** What a score that is to vanish becomes in half precision, whose numbers end at 65,504. */
  private static final double MASKED_IN_HALF = -3e4;

  /** A tensor of the graph. */
  public static final class Value {
    private final String name;
    private final Shape shape;
    private final Source source;
    private final boolean half;

    private Value(String name, Shape shape, Source source, boolean half) {
      this.name = name;
      this.shape = shape;
      this.source = source;
      this.half = half;
    }

    String name() {
      return name;
    }

    Shape shape() {
      return shape;
    }

    /** Whether its elements are 16-bit floats, and not 32-bit ones. */
    boolean half() {
      return half;
    }

    /** Whether it is the same for all windows. */
    private boolean fixed() {
      return source != Source.INPUT;
    }
  }

  /** What a value is made of: the first of these that is part of it. */
  private enum Source {
    INPUT,
    WEIGHT,
    CONSTANT;

    static Source of(List<Value> values) {
      Source first = CONSTANT;
      for (Value value : values) {
        first = value.source.compareTo(first) < 0 ? value.source : first;
      }
      return first;
    }
  }

  private final Map<String, Tensor> weights;
  private final boolean tapped;
  private final boolean declaring;
  private final boolean rounding;
  private final Parameters asked = new Parameters();
  private final OnnxRecording graph = new OnnxRecording();

  /** What was cast already, by name: a value that many read is cast once. */
  private final Map<String, Value> halves = new HashMap<>();

  private final Map<String, Value> wholes = new HashMap<>();
  private final Map<String, Value> bounded = new HashMap<>();

  /** How a weight in another layout is made of the weight in half precision. */
  private final Map<String, Supplier<Value>> layouts = new HashMap<>();

  private OnnxOps(
      Map<String, Tensor> weights, boolean tapped, boolean declaring, boolean rounding) {
    this.weights = weights;
    this.tapped = tapped;
    this.declaring = declaring;
    this.rounding = rounding;
  }

  /** Begins a graph of the given weights. */
  public static OnnxOps of(Map<String, Tensor> weights) {
    return new OnnxOps(weights, false, false, false);
  }

  /**
   * Begins a graph that computes in half precision (fp16) what takes the time of a GPU: products
   * with weights, attention, and what lies between them. Inputs, outputs, statistics, sums over
   * steps and what chooses places stay in single precision, and so does a value that {@link
   * #precise} is told of. Weights of products are in the file as 16-bit floats, under their names
   * and {@code .half}.
   *
   * @throws WeightsException while it is recorded, if a weight is beyond 65,504
   */
  public static OnnxOps half(Map<String, Tensor> weights) {
    return new OnnxOps(weights, false, false, true);
  }

  /** Begins a graph that gives every tapped intermediate as a further output. */
  public static OnnxOps tapped(Map<String, Tensor> weights) {
    return new OnnxOps(weights, true, false, false);
  }

  /** Finds what a network with these hyperparameters asks of its weights. */
  public static <C extends ArchitectureConfig> Parameters parametersOf(
      Architecture<C> architecture, C config) {
    OnnxOps ops = new OnnxOps(Map.of(), false, true, false);
    architecture.forward(ops, config, ops.inputs(architecture.inputs(config)));
    return ops.asked;
  }

  /** Adds an input for each port, under the name of its role. */
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
    Shape lengths = Shape.of(shape);
    graph.input(name, lengths);
    return new Value(name, lengths, Source.INPUT, false);
  }

  /**
   * Makes a value a float output of the graph.
   *
   * @param shape with -1 for what depends on the batch
   * @throws IllegalArgumentException if the value has another shape
   */
  public void output(String name, Value value, long... shape) {
    if (!value.shape().isAs(shape)) {
      throw new IllegalArgumentException(
          "an output must have the shape that is stated: %s=%s, found %s"
              .formatted(name, Arrays.toString(shape), value.shape()));
    }
    graph.output(name, whole(value).name(), value.shape());
  }

  /**
   * The model file.
   *
   * @param metadata free entries, read by tools and by the runtime
   */
  public byte[] toModel(String name, Map<String, String> metadata) {
    return graph.toModel(name, metadata);
  }

  @Override
  public Value parameter(String name, Init init, long... shape) {
    asked.learned(name, shape);
    if (!declaring && !graph.holds(name)) {
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
      graph.hold(name, tensor);
    }
    return new Value(name, Shape.of(shape), Source.WEIGHT, false);
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

  private Value initializer(Tensor tensor) {
    return new Value(graph.constant(tensor), Shape.of(tensor.shape()), Source.CONSTANT, false);
  }

  /** The same in half precision, where this graph rounds at all. */
  private Value half(Value x) {
    if (!rounding || x.half) {
      return x;
    }
    Value found = halves.get(x.name);
    if (found == null) {
      found = halved(x);
      halves.put(x.name, found);
    }
    return found;
  }

  private Value halved(Value x) {
    Supplier<Value> layout = layouts.get(x.name);
    if (layout != null) {
      return layout.get();
    }
    return graph.holds(x.name)
        ? new Value(graph.holdHalf(x.name), x.shape, x.source, true)
        : cast(x, FLOAT16);
  }

  /** The same in single precision. */
  private Value whole(Value x) {
    return x.half ? wholes.computeIfAbsent(x.name, name -> cast(x, FLOAT)) : x;
  }

  private Value cast(Value x, int type) {
    return node(
        "Cast",
        x.shape,
        List.of(x),
        type == FLOAT16,
        new AttributeProto[] {Attributes.integer("to", type)});
  }

  /**
   * The same in one precision: half where all but weights and constants are in it, so that they
   * alone are cast.
   */
  private List<Value> alike(List<Value> xs) {
    if (xs.stream().noneMatch(Value::half)) {
      return xs;
    }
    boolean half = xs.stream().allMatch(x -> x.half || x.fixed());
    return xs.stream().map(x -> half ? half(x) : whole(x)).toList();
  }

  @Override
  public Value precise(Value x) {
    return whole(x);
  }

  @Override
  public Value reshape(Value x, long... shape) {
    Shape lengths = x.shape().reshaped(shape);
    Value result = node("Reshape", lengths, List.of(x, integers(shape, shape.length)));
    return laidOut(result, () -> reshape(half(x), shape));
  }

  /** Remembers how a weight that is laid out anew comes out in half precision. */
  private Value laidOut(Value x, Supplier<Value> ofHalf) {
    if (rounding && !x.half && x.fixed()) {
      layouts.put(x.name, ofHalf);
    }
    return x;
  }

  @Override
  public Value permute(Value x, int... axes) {
    Value result =
        node(
            "Transpose",
            x.shape().permuted(axes),
            List.of(x),
            Attributes.integers("perm", Arrays.stream(axes).asLongStream().toArray()));
    return laidOut(result, () -> permute(half(x), axes));
  }

  @Override
  public Value gather(Value x, int axis, long[] indices, long... indexShape) {
    return node(
        "Gather",
        x.shape().replaced(axis, Shape.of(indexShape).axes()),
        List.of(x, integers(indices, indexShape)),
        Attributes.integer("axis", axis));
  }

  @Override
  public Value slice(Value x, int axis, int first, int count) {
    Value from = integers(new long[] {first}, 1);
    Value to = integers(new long[] {(long) first + count}, 1);
    Shape shape = x.shape().with(axis, Shape.Axis.fixed(count));
    return node("Slice", shape, List.of(x, from, to, integers(new long[] {axis}, 1)));
  }

  @Override
  public Value concat(List<Value> xs, int axis) {
    long length = xs.stream().mapToLong(x -> x.shape().axis(axis).size()).sum();
    Shape shape = xs.get(0).shape().with(axis, Shape.Axis.fixed(length));
    Value result = node("Concat", shape, alike(xs), Attributes.integer("axis", axis));
    return laidOut(result, () -> concat(xs.stream().map(this::half).toList(), axis));
  }

  @Override
  public Value pad(Value x, int axis, int before, int after) {
    Shape.Axis length = Shape.Axis.fixed(x.shape().axis(axis).size() + before + after);
    return node(
        "Pad",
        x.shape().with(axis, length),
        List.of(
            x,
            integers(new long[] {before, after}, 2),
            x.half() ? half(constant(0)) : constant(0),
            integers(new long[] {axis}, 1)));
  }

  @Override
  public Value add(Value a, Value b) {
    return elementwise("Add", a, b);
  }

  @Override
  public Value sub(Value a, Value b) {
    return elementwise("Sub", a, b);
  }

  @Override
  public Value mul(Value a, Value b) {
    return elementwise("Mul", a, b);
  }

  @Override
  public Value div(Value a, Value b) {
    return elementwise("Div", whole(a), whole(b));
  }

  @Override
  public Value sqrt(Value x) {
    return node("Sqrt", x.shape(), List.of(whole(x)));
  }

  @Override
  public Value known(Value x) {
    Value number = untyped("Not", List.of(untyped("IsNaN", List.of(whole(x)))));
    return node("Cast", x.shape(), List.of(number), Attributes.integer("to", FLOAT));
  }

  @Override
  public Value orZero(Value x) {
    Value y = whole(x);
    return node("Where", x.shape(), List.of(untyped("IsNaN", List.of(y)), constant(0), y));
  }

  /**
   * Not ReduceMean: in ONNX Runtime 1.28 the order of its sum, and so the last bit, changes with
   * the size of the batch.
   */
  @Override
  public Value mean(Value x) {
    return node("GlobalAveragePool", x.shape().with(2, Shape.Axis.ONE), List.of(whole(x)));
  }

  @Override
  public Value max(Value x, int axis) {
    return node(
        "ReduceMax",
        x.shape().with(axis, Shape.Axis.ONE),
        List.of(x, integers(new long[] {axis}, 1)),
        Attributes.integer("keepdims", 1));
  }

  @Override
  public Value cumulate(Value x, int axis) {
    return node("CumSum", x.shape(), List.of(whole(x), integers(new long[] {axis})));
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
        "OneHot",
        places.shape().replaced(-1, Shape.of(count, length).axes()),
        List.of(places, depth, constant(new float[] {0, 1}, 2)),
        Attributes.integer("axis", -1));
  }

  /** A row of steps is copied at once; the places are whole numbers that no shape is stated of. */
  @Override
  public Value rolled(Value x, Value delays, int length) {
    Shape.Axis batch = x.shape().axis(0);
    Shape.Axis count = delays.shape().axis(1);
    Value whole = untyped("Cast", List.of(delays), Attributes.integer("to", INT64));
    long[] steps = LongStream.range(0, length).toArray();
    Value places = untyped("Add", List.of(whole, integers(steps, length)));
    places = untyped("Mod", List.of(places, integers(new long[] {length}, 1)));
    Value each = integers(new long[] {-1, count.size(), length, 1}, 4);
    places = untyped("Reshape", List.of(places, each));
    return node(
        "GatherND",
        new Shape(List.of(batch, count, Shape.Axis.fixed(length), x.shape().axis(2))),
        List.of(x, places),
        Attributes.integer("batch_dims", 1));
  }

  /** Values and places, the greatest or the least first. */
  private List<Value> topK(Value x, int count, boolean greatest) {
    Shape shape = x.shape().with(-1, Shape.Axis.fixed(count));
    Value values = new Value(graph.fresh("TopK"), shape, x.source, false);
    Value places = new Value(graph.fresh("places"), shape, x.source, false);
    graph.add(
        NodeProto.newBuilder()
            .setOpType("TopK")
            .setName(values.name())
            .addInput(whole(x).name())
            .addInput(integers(new long[] {count}, 1).name())
            .addOutput(values.name())
            .addOutput(places.name())
            .addAttribute(Attributes.integer("largest", greatest ? 1 : 0))
            .build());
    return List.of(values, places);
  }

  @Override
  public Value softmax(Value x) {
    return node("Softmax", x.shape(), List.of(whole(x)), Attributes.integer("axis", -1));
  }

  /**
   * With weights it is what a network computes most of; without, statistics and what chooses places
   * are made of it, which stay in single precision. What is the same for all windows is computed
   * once, when the graph is loaded, so it may be precise.
   */
  @Override
  public Value matmul(Value a, Value b) {
    boolean learned =
        Source.of(List.of(a, b)) == Source.INPUT
            && (a.source == Source.WEIGHT || b.source == Source.WEIGHT);
    List<Value> factors = learned ? List.of(half(a), half(b)) : List.of(whole(a), whole(b));
    return node("MatMul", a.shape().times(b.shape()), factors);
  }

  @Override
  public Value linear(Value x, Value weight, @Nullable Value bias) {
    if (bias == null || x.shape().rank() < 3) {
      Value product = matmul(x, permute(weight, 1, 0));
      return bias == null ? product : add(product, bias);
    }
    // All rows in one product that begins with the bias: there is no pass to add it.
    Shape.Axis outputs = weight.shape().axis(0);
    Shape flat = x.shape().rows();
    Value rows =
        node("Reshape", flat, List.of(half(x), integers(new long[] {-1, flat.axis(1).size()}, 2)));
    Value product =
        node(
            "Gemm",
            flat.with(1, outputs),
            List.of(rows, half(weight), half(bias)),
            Attributes.integer("transB", 1));
    Shape result = x.shape().with(-1, outputs);
    return node("Reshape", result, List.of(product, integers(result.target(), result.rank())));
  }

  @Override
  public Value gelu(Value x) {
    return node("Gelu", x.shape(), List.of(x));
  }

  @Override
  public Value relu(Value x) {
    return node("Relu", x.shape(), List.of(x));
  }

  @Override
  public Value elu(Value x) {
    return node("Elu", x.shape(), List.of(x));
  }

  @Override
  public Value silu(Value x) {
    return mul(x, node("Sigmoid", x.shape(), List.of(x)));
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
        x.shape(),
        alike(List.of(x, weight, bias)),
        Attributes.integer("axis", -1),
        Attributes.decimal("epsilon", epsilon));
  }

  @Override
  public Value dropout(Value x, double probability) {
    return x;
  }

  @Override
  public Attention<Value> attention(
      Value query, Value key, Value value, int heads, double scale, @Nullable Value bias) {
    String output = graph.fresh("attention");
    String scores = graph.fresh("scores");
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType("Attention")
            .setName(output)
            .addInput(half(query).name())
            .addInput(half(key).name())
            .addInput(half(value).name())
            .addOutput(output)
            .addOutput(OPTIONAL)
            .addOutput(OPTIONAL)
            .addOutput(scores)
            .addAttribute(Attributes.integer("q_num_heads", heads))
            .addAttribute(Attributes.integer("kv_num_heads", heads))
            .addAttribute(Attributes.decimal("scale", scale))
            // 2: the scores handed out have the bias added (ONNX Runtime 1.28 leaves it out in mode
            // 1).
            .addAttribute(Attributes.integer("qk_matmul_output_mode", 2));
    if (bias != null) {
      node.addInput(bounded(bias).name());
    }
    graph.add(node.build());
    Shape result = query.shape().with(2, value.shape().axis(2));
    Shape pairs =
        query
            .shape()
            .replaced(2, List.of(key.shape().axis(1)))
            .replaced(0, List.of(query.shape().axis(0), Shape.Axis.fixed(heads)));
    graph.know(output, result, rounding);
    graph.know(scores, pairs, rounding);
    return new Attention<>(
        new Value(output, result, Source.INPUT, rounding),
        new Value(scores, pairs, Source.INPUT, rounding));
  }

  /**
   * What is added to scores, in their precision. In half precision what hides a score is bounded: a
   * row in which all are hidden would be infinite throughout, and no number after the softmax.
   */
  private Value bounded(Value bias) {
    if (!rounding || bias.half) {
      return bias;
    }
    Value found = bounded.get(bias.name);
    if (found == null) {
      Value least = constant(MASKED_IN_HALF);
      found = half(node("Max", bias.shape, List.of(bias, least)));
      bounded.put(bias.name, found);
    }
    return found;
  }

  @Override
  public Value tap(String name, Value value) {
    if (tapped) {
      graph.output(name, whole(value).name(), value.shape());
    }
    return value;
  }

  private Value elementwise(String type, Value a, Value b) {
    return node(type, a.shape().broadcast(b.shape()), alike(List.of(a, b)));
  }

  /** Adds a node whose result is in the precision of its first input. */
  private Value node(String type, Shape shape, List<Value> in, AttributeProto... attributes) {
    return node(type, shape, in, in.get(0).half, attributes);
  }

  private Value node(
      String type, Shape shape, List<Value> in, boolean half, AttributeProto[] attributes) {
    String name = graph.add(type, in, attributes);
    graph.know(name, shape, half);
    return new Value(name, shape, Source.of(in), half);
  }

  /** A result that is no floats, of which the file says no shape and nobody here asks for it. */
  private Value untyped(String type, List<Value> in, AttributeProto... attributes) {
    return new Value(graph.add(type, in, attributes), Shape.of(), Source.of(in), false);
  }
}
