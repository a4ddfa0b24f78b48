package io.tidecast.runtime.hostile;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
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
import java.util.Arrays;
import java.util.List;

/** Graphs by hand, right ones and wrong ones. */
final class Protos {

  static final String CUSTOM = "evil";

  private Protos() {}

  static ModelProto.Builder model(GraphProto.Builder graph) {
    return ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(21))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CUSTOM).setVersion(1))
        .setGraph(graph);
  }

  /** A graph of four cells in and four out, without nodes. */
  static GraphProto.Builder graph() {
    return GraphProto.newBuilder()
        .setName("g")
        .addInput(value("context", -1, 4, 1))
        .addOutput(value("point", -1, 4, 1));
  }

  /** Takes the larger of context and tensor, which no optimizer of ONNX Runtime looks into. */
  static GraphProto.Builder taking(TensorProto tensor) {
    return graph()
        .addInitializer(tensor)
        .addNode(node("Max", "point", "context", tensor.getName()));
  }

  /** A chain: context, then the node, whose output is {@code x}, then point. */
  static GraphProto.Builder through(NodeProto.Builder node) {
    return graph().addNode(node).addNode(node("Identity", "point", "x"));
  }

  static byte[] bytes(GraphProto.Builder graph) {
    return model(graph).build().toByteArray();
  }

  static ValueInfoProto value(String name, long... shape) {
    return value(TensorProto.DataType.FLOAT, name, shape);
  }

  static ValueInfoProto value(TensorProto.DataType type, String name, long... shape) {
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
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(axes)))
        .build();
  }

  static NodeProto.Builder node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .addOutput(output)
        .addAllInput(Arrays.asList(inputs));
  }

  static AttributeProto.Builder attribute(String name) {
    return AttributeProto.newBuilder().setName(name);
  }

  static AttributeProto.Builder attribute(String name, GraphProto.Builder graph) {
    return attribute(name).setType(AttributeProto.AttributeType.GRAPH).setG(graph);
  }

  static AttributeProto.Builder attribute(String name, TensorProto tensor) {
    return attribute(name).setType(AttributeProto.AttributeType.TENSOR).setT(tensor);
  }

  static AttributeProto.Builder attribute(String name, long value) {
    return attribute(name).setType(AttributeProto.AttributeType.INT).setI(value);
  }

  static AttributeProto.Builder attribute(String name, String value) {
    return attribute(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value));
  }

  /** A function of domain {@link #CUSTOM}. */
  static FunctionProto.Builder function(String name, NodeProto.Builder... body) {
    FunctionProto.Builder function =
        FunctionProto.newBuilder()
            .setDomain(CUSTOM)
            .setName(name)
            .addInput("a")
            .addOutput("x")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(21))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(CUSTOM).setVersion(1));
    Arrays.stream(body).forEach(function::addNode);
    return function;
  }

  /** Calls a function of domain {@link #CUSTOM}. */
  static NodeProto.Builder call(String name, String output, String... inputs) {
    return node(name, output, inputs).setDomain(CUSTOM);
  }

  static TensorProto.Builder tensor(TensorProto.DataType type, String name, long... shape) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(Arrays.stream(shape).boxed().toList());
  }

  /** Weights without values. */
  static TensorProto.Builder floats(String name, long... shape) {
    return tensor(TensorProto.DataType.FLOAT, name, shape);
  }

  /** Weights of zeros. */
  static TensorProto zeros(String name, int... shape) {
    int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    return floats(name, Arrays.stream(shape).asLongStream().toArray())
        .setRawData(ByteString.copyFrom(new byte[count * Float.BYTES]))
        .build();
  }

  static TensorProto scalar(String name, float value) {
    return floats(name).addFloatData(value).build();
  }

  static TensorProto longs(String name, long... values) {
    return tensor(TensorProto.DataType.INT64, name, values.length).setRawData(raw(values)).build();
  }

  static TensorProto scalar(String name, long value) {
    return tensor(TensorProto.DataType.INT64, name).setRawData(raw(value)).build();
  }

  private static ByteString raw(long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return ByteString.copyFrom(raw.array());
  }

  static TensorProto truth(String name, boolean value) {
    return tensor(TensorProto.DataType.BOOL, name).addInt32Data(value ? 1 : 0).build();
  }

  /** Four weights in a file. */
  static TensorProto outside(String location) {
    return outside("w", List.of("location", location), 4, 1);
  }

  /**
   * @param entries key, value, key, value
   */
  static TensorProto outside(String name, List<String> entries, long... shape) {
    TensorProto.Builder tensor =
        floats(name, shape).setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < entries.size(); i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder().setKey(entries.get(i)).setValue(entries.get(i + 1)));
    }
    return tensor.build();
  }
}
