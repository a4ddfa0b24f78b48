package io.tidecast.runtime.testing;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Writes small ONNX graphs node by node, with seeded random weights. */
public final class TestGraph {

  private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("test");
  private final Random random;
  private int names;

  public TestGraph(long seed) {
    this.random = new Random(seed);
  }

  /** Adds an input of floats; a dimension of -1 is dynamic. */
  public TestGraph input(String name, long... shape) {
    return input(OnnxMl.TensorProto.DataType.FLOAT, name, shape);
  }

  public TestGraph input(OnnxMl.TensorProto.DataType type, String name, long... shape) {
    graph.addInput(value(name, type, shape));
    return this;
  }

  /** Adds an output of floats; a dimension of -1 is dynamic. */
  public TestGraph output(String name, long... shape) {
    graph.addOutput(value(name, OnnxMl.TensorProto.DataType.FLOAT, shape));
    return this;
  }

  private static OnnxMl.ValueInfoProto value(
      String name, OnnxMl.TensorProto.DataType type, long... shape) {
    OnnxMl.TensorShapeProto.Builder dimensions = OnnxMl.TensorShapeProto.newBuilder();
    for (long size : shape) {
      OnnxMl.TensorShapeProto.Dimension.Builder dimension = dimensions.addDimBuilder();
      if (size < 0) {
        dimension.setDimParam("batch");
      } else {
        dimension.setDimValue(size);
      }
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }

  /** Adds a node of one output and says its name. */
  public String node(String op, String... inputs) {
    return node(op, new Object[0], inputs);
  }

  /** Adds a node of one output and says its name; attributes are name, value, name, value. */
  public String node(String op, Object[] attributes, String... inputs) {
    String output = op + names++;
    OnnxMl.NodeProto.Builder node =
        graph.addNodeBuilder().setOpType(op).setName(output).addOutput(output);
    for (String input : inputs) {
      node.addInput(input);
    }
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    return output;
  }

  private static OnnxMl.AttributeProto attribute(String name, Object value) {
    OnnxMl.AttributeProto.Builder attribute = OnnxMl.AttributeProto.newBuilder().setName(name);
    if (value instanceof Integer number) {
      attribute.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(number);
    } else if (value instanceof String text) {
      attribute
          .setType(OnnxMl.AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof OnnxMl.GraphProto body) {
      attribute.setType(OnnxMl.AttributeProto.AttributeType.GRAPH).setG(body);
    } else {
      attribute.setType(OnnxMl.AttributeProto.AttributeType.INTS);
      for (int number : (int[]) value) {
        attribute.addInts(number);
      }
    }
    return attribute.build();
  }

  /**
   * Adds a loop that changes nothing and says the name of what comes out of it.
   *
   * @param rounds a scalar of 64-bit integers
   * @param carried a tensor of floats that goes through every round
   */
  public String loop(String rounds, String carried) {
    OnnxMl.TensorProto.DataType truth = OnnxMl.TensorProto.DataType.BOOL;
    OnnxMl.GraphProto body =
        OnnxMl.GraphProto.newBuilder()
            .setName("round")
            .addInput(value("round", OnnxMl.TensorProto.DataType.INT64))
            .addInput(value("goOn", truth))
            .addInput(open("before"))
            .addNode(identity("goOn", "goesOn"))
            .addNode(identity("before", "after"))
            .addOutput(value("goesOn", truth))
            .addOutput(open("after"))
            .build();
    return node("Loop", new Object[] {"body", body}, rounds, "", carried);
  }

  private static OnnxMl.NodeProto identity(String from, String to) {
    return OnnxMl.NodeProto.newBuilder().setOpType("Identity").addInput(from).addOutput(to).build();
  }

  /** Floats of any shape. */
  private static OnnxMl.ValueInfoProto open(String name) {
    OnnxMl.ValueInfoProto.Builder value =
        value(name, OnnxMl.TensorProto.DataType.FLOAT).toBuilder();
    value.getTypeBuilder().getTensorTypeBuilder().clearShape();
    return value.build();
  }

  /** Names the last result as an output of the graph. */
  public void result(String output, String value) {
    graph.addNodeBuilder().setOpType("Identity").addInput(value).addOutput(output);
  }

  String weights(int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    // Keeps the size of activations about 1 from layer to layer.
    double scale = 1 / Math.sqrt(shape[0]);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return floats(values, shape);
  }

  public String floats(float[] values, int... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return initializer(OnnxMl.TensorProto.DataType.FLOAT, raw, shape);
  }

  String longs(long[] values, int... shape) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return initializer(OnnxMl.TensorProto.DataType.INT64, raw, shape);
  }

  /** Weights in a file beside the graph. */
  public String outside(String location, long... shape) {
    String name = "weight" + names++;
    OnnxMl.TensorProto.Builder tensor =
        graph
            .addInitializerBuilder()
            .setName(name)
            .setDataType(OnnxMl.TensorProto.DataType.FLOAT.getNumber())
            .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                OnnxMl.StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    for (long size : shape) {
      tensor.addDims(size);
    }
    return name;
  }

  public String shape(long... values) {
    return longs(values, values.length);
  }

  private String initializer(OnnxMl.TensorProto.DataType type, ByteBuffer raw, int... shape) {
    String name = "weight" + names++;
    OnnxMl.TensorProto.Builder tensor =
        graph
            .addInitializerBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw.array()));
    for (int size : shape) {
      tensor.addDims(size);
    }
    return name;
  }

  public byte[] bytes() {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(10)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(23))
        .setGraph(graph)
        .build()
        .toByteArray();
  }
}
