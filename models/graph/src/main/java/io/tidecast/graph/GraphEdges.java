package io.tidecast.graph;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Puts nodes before the inputs of a graph and behind its outputs, so that it takes and gives other
 * tensors: with the axes in another order, of another type, computed from each other. The nodes of
 * the graph itself stay as they are.
 *
 * <p>Each method that returns a name adds nodes and names the tensor that they make. Nodes are of
 * operators that the standard set has had for long; where a version of it lacks one, that is said.
 * One thread.
 */
public final class GraphEdges {

  private static final String PREFIX = "tidecast/";

  /** Is imported by a file that uses none of the standard operators itself. */
  private static final long USUAL_OPSET = 13;

  private static final long OPSET_OF_EXPAND = 8;
  private static final long OPSET_OF_IS_NAN = 9;

  private final ModelProto model;
  private final long opset;
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final List<ValueInfoProto> outputs = new ArrayList<>();
  private final List<NodeProto> before = new ArrayList<>();
  private final List<NodeProto> behind = new ArrayList<>();
  private final Set<String> fed = new HashSet<>();
  private List<NodeProto> nodes = before;
  private int count;

  /** Begins with the inputs of a graph; its outputs are all left out unless they are given. */
  public GraphEdges(CheckedGraph graph) {
    this.model = WireScan.read(graph.bytes());
    long standard = graph.header().opset();
    this.opset = standard == 0 ? USUAL_OPSET : standard;
  }

  /** Adds an input of 32-bit floats; -1 is an axis of any size. */
  public String input(String name, List<Long> shape) {
    inputs.add(port(PREFIX + name, shape));
    return PREFIX + name;
  }

  /** Gives what was an input of the graph the values of a tensor of the same type and shape. */
  public void feed(String tensor, String input) {
    fed.add(input);
    nodes.add(node("Identity", tensor).addOutput(input).build());
  }

  /** Has what follows read the outputs of the graph. */
  public void behindOutputs() {
    nodes = behind;
  }

  /** Makes a tensor of 32-bit floats an output. */
  public String output(String tensor, String name, List<Long> shape) {
    nodes.add(node("Identity", tensor).addOutput(PREFIX + name).build());
    outputs.add(port(PREFIX + name, shape));
    return PREFIX + name;
  }

  private static ValueInfoProto port(String name, List<Long> shape) {
    TensorShapeProto.Builder axes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      TensorShapeProto.Dimension.Builder axis = axes.addDimBuilder();
      if (size >= 0) {
        axis.setDimValue(size);
      } else {
        axis.setDimParam(PREFIX + "batch");
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(axes)))
        .build();
  }

  /** Puts the axes in another order: axis {@code i} of the result is axis {@code order[i]}. */
  public String transpose(String tensor, int... order) {
    AttributeProto.Builder permutation =
        AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS);
    for (int axis : order) {
      permutation.addInts(axis);
    }
    return add(node("Transpose", tensor).addAttribute(permutation));
  }

  /** Cuts the same values into other axes; one of them may be -1, which takes what is left. */
  public String reshape(String tensor, List<Long> shape) {
    return add(node("Reshape", tensor, constant(shape.stream().mapToLong(s -> s).toArray())));
  }

  /**
   * Converts the elements.
   *
   * @param type as manifests spell it
   * @throws GraphException if values of that type can't be made of numbers
   */
  public String cast(String tensor, String type) {
    ElementType to = ElementType.numeric(type);
    return add(
        node("Cast", tensor)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("to")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(to.number())));
  }

  /** Takes those slices along an axis, in that order. */
  public String gather(String tensor, int axis, long... indices) {
    return add(node("Gather", tensor, constant(indices)).addAttribute(axis(axis)));
  }

  /** Puts tensors behind each other along an axis; a single one is left as it is. */
  public String concat(List<String> tensors, int axis) {
    return tensors.size() == 1
        ? tensors.get(0)
        : add(node("Concat", tensors.toArray(new String[0])).addAttribute(axis(axis)));
  }

  /** Computes {@code factor · value + summand}, each along the last axis. */
  public String affine(String tensor, float[] factors, float[] summands) {
    String scaled = add(node("Mul", tensor, constant(factors, factors.length)));
    return add(node("Add", scaled, constant(summands, summands.length)));
  }

  /** Rounds to whole numbers, halves up. */
  public String round(String tensor) {
    return add(node("Floor", add(node("Add", tensor, constant(new float[] {0.5f}, 1)))));
  }

  /** Computes 1 for each number and 0 for each NaN. */
  public String observed(String tensor) {
    return cast(add(node("Not", isNan(tensor))), "float32");
  }

  /** Puts 0 in the place of NaN. */
  public String zeroForNan(String tensor) {
    return add(node("Where", isNan(tensor), constant(new float[] {0}, 1), tensor));
  }

  private String isNan(String tensor) {
    requireOpset(OPSET_OF_IS_NAN, "a mask of what was observed");
    return add(node("IsNaN", tensor));
  }

  /**
   * Makes a tensor of fixed values.
   *
   * @param shape whose product is the number of values
   */
  public String constant(float[] values, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setDataType(TensorProto.DataType.FLOAT.getNumber());
    LongStream.of(shape).forEach(tensor::addDims);
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(tensor.setRawData(ByteString.copyFrom(raw)));
  }

  private String constant(long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length);
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return constant(tensor.setRawData(ByteString.copyFrom(raw)));
  }

  /** A node and no initializer: old files must list those among their inputs. */
  private String constant(TensorProto.Builder tensor) {
    return add(
        node("Constant")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("value")
                    .setType(AttributeProto.AttributeType.TENSOR)
                    .setT(tensor)));
  }

  /**
   * Repeats a tensor whose first axis is 1 for each row of another.
   *
   * @param shape of the tensor
   */
  public String forEachRow(String tensor, String rowsOf, long... shape) {
    requireOpset(OPSET_OF_EXPAND, "an input that is constant");
    String rows = gather(add(node("Shape", rowsOf)), 0, 0);
    String rest = constant(LongStream.of(shape).skip(1).toArray());
    String whole = shape.length == 1 ? rows : concat(List.of(rows, rest), 0);
    return add(node("Expand", tensor, whole));
  }

  private void requireOpset(long least, String what) {
    if (opset < least) {
      throw new GraphException(
          "must have opset %d or later for %s, and has %d: export it with a later one"
              .formatted(least, what, opset));
    }
  }

  private static AttributeProto axis(int axis) {
    return AttributeProto.newBuilder()
        .setName("axis")
        .setType(AttributeProto.AttributeType.INT)
        .setI(axis)
        .build();
  }

  private static NodeProto.Builder node(String operator, String... inputs) {
    return NodeProto.newBuilder().setOpType(operator).addAllInput(List.of(inputs));
  }

  private String add(NodeProto.Builder node) {
    String name = PREFIX + "edge_" + count++;
    nodes.add(node.addOutput(name).build());
    return name;
  }

  /**
   * Writes the graph with its edges. Inputs that were not fed stay inputs; its own outputs do not
   * stay outputs.
   *
   * @throws GraphException if the whole of it must not be run
   */
  public CheckedGraph graph() {
    GraphProto graph = model.getGraph();
    GraphProto.Builder edged = graph.toBuilder().clearNode().clearInput().clearOutput();
    edged.addAllInput(inputs);
    graph.getInputList().stream()
        .filter(input -> !fed.contains(input.getName()))
        .forEach(edged::addInput);
    edged.addAllNode(before).addAllNode(graph.getNodeList()).addAllNode(behind);
    edged.addAllOutput(outputs);
    // What was an edge is within now, and known by its declaration there.
    graph.getInputList().stream()
        .filter(input -> fed.contains(input.getName()))
        .forEach(edged::addValueInfo);
    ModelProto.Builder whole = model.toBuilder().setGraph(edged);
    boolean imported =
        model.getOpsetImportList().stream()
            .anyMatch(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"));
    if (!imported) {
      whole.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset));
    }
    return new CheckedGraph(whole.build().toByteArray());
  }
}
