package io.tidecast.benchmarks.echo;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.windows.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The folder of a model that answers the last cells of its context, so that a forecast says which
 * window the model saw; and of one that does so, but never ends once a context holds a certain
 * value.
 */
public final class EchoModel {

  /** The value that the second one never gets over. */
  public static final float HANGING_VALUE = 13_031;

  /** It answers so many of the last cells. */
  public static final int HORIZON = 8;

  private static final long ROUNDS = 1_000_000_000_000L;
  private static final int OPSET = 18;
  private static final int IR_VERSION = 8;

  private EchoModel() {}

  /** Writes the model into a new folder under this one, and returns it. */
  public static Path write(Path parent, int contextLength) throws IOException {
    return write(parent.resolve("echo"), "1", contextLength, graph(contextLength));
  }

  /** Writes the same model as another version of it. */
  public static Path writeNext(Path parent, int contextLength) throws IOException {
    return write(parent.resolve("echo-2"), "2", contextLength, graph(contextLength));
  }

  /** Writes the model that hangs likewise. */
  public static Path writeHanging(Path parent, int contextLength) throws IOException {
    return write(parent.resolve("hanging-echo"), "1", contextLength, hanging(graph(contextLength)));
  }

  private static Path write(
      Path folder, String version, int contextLength, GraphProto.Builder graph) throws IOException {
    byte[] onnx =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph)
            .build()
            .toByteArray();
    Files.createDirectories(folder);
    Files.write(folder.resolve(ModelBundle.ONNX_FILE), onnx);
    Files.writeString(
        folder.resolve("manifest.json"),
        String.format(
            Locale.ROOT,
            """
      {
        "manifestVersion": 1,
        "id": "echo",
        "version": "%s",
        "architecture": "custom",
        "contextLength": %d,
        "predictionLength": %d,
        "step": "any",
        "channels": {"mode": "independent", "names": ["value"], "targets": ["value"]},
        "pastCovariates": [],
        "futureCovariates": [],
        "timeFeatures": [],
        "inputs": [{"name": "context", "role": "context", "layout": "batch,time,channel",
          "type": "float32", "shape": [-1, %d, 1]}],
        "outputs": [{"name": "point", "role": "point", "layout": "batch,horizon,channel",
          "type": "float32", "shape": [-1, %d, 1]}],
        "quantileLevels": [],
        "opset": %d,
        "sha256": "%s",
        "licence": "Apache-2.0"
      }
      """,
            version,
            contextLength,
            HORIZON,
            contextLength,
            HORIZON,
            OPSET,
            ModelBundle.sha256(onnx)));
    golden(contextLength).write(folder.resolve(GoldenVectors.FILE));
    return folder;
  }

  private static GoldenVectors golden(int contextLength) {
    float[] context = new float[contextLength];
    for (int cell = 0; cell < contextLength; cell++) {
      context[cell] = cell + 1;
    }
    float[] point = Arrays.copyOfRange(context, contextLength - HORIZON, contextLength);
    return new GoldenVectors(
        1e-6, List.of(new GoldenVectors.Case(Window.of(context), point, new float[0])));
  }

  /** Its result is not yet called the output: "last" is. */
  private static GraphProto.Builder graph(int contextLength) {
    return GraphProto.newBuilder()
        .setName("echo")
        .addInput(floats("context", contextLength))
        .addOutput(floats("point", HORIZON))
        .addInitializer(longs("starts", contextLength - HORIZON))
        .addInitializer(longs("ends", contextLength))
        .addInitializer(longs("axes", 1))
        .addNode(node("Slice", "last", "context", "starts", "ends", "axes"))
        .addNode(node("Identity", "point", "last"));
  }

  private static GraphProto.Builder hanging(GraphProto.Builder graph) {
    GraphProto.Builder body =
        GraphProto.newBuilder()
            .setName("round")
            .addInput(scalar("round", TensorProto.DataType.INT64))
            .addInput(scalar("go_on", TensorProto.DataType.BOOL))
            .addInput(floats("before", HORIZON))
            .addOutput(scalar("goes_on", TensorProto.DataType.BOOL))
            .addOutput(floats("after", HORIZON))
            .addNode(node("Identity", "goes_on", "go_on"))
            .addNode(node("Identity", "after", "before"));
    NodeProto loop =
        node("Loop", "looped", "rounds", "", "last").toBuilder()
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("body")
                    .setType(AttributeProto.AttributeType.GRAPH)
                    .setG(body))
            .build();
    graph.removeNode(graph.getNodeCount() - 1);
    return graph
        .addInitializer(
            TensorProto.newBuilder()
                .setName("hanging_value")
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addFloatData(HANGING_VALUE))
        .addInitializer(
            TensorProto.newBuilder()
                .setName("many")
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addInt64Data(ROUNDS))
        .addNode(node("Equal", "is_it", "context", "hanging_value"))
        .addNode(cast("is_it", "is_it_number"))
        .addNode(withoutAxes(node("ReduceMax", "any", "is_it_number")))
        .addNode(node("Mul", "rounds", "any", "many"))
        .addNode(loop)
        .addNode(node("Identity", "point", "looped"));
  }

  private static NodeProto node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static NodeProto cast(String input, String output) {
    return integer(node("Cast", output, input), "to", TensorProto.DataType.INT64.getNumber());
  }

  private static NodeProto withoutAxes(NodeProto node) {
    return integer(node, "keepdims", 0);
  }

  private static NodeProto integer(NodeProto node, String name, int value) {
    return node.toBuilder()
        .addAttribute(
            AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value))
        .build();
  }

  private static TensorProto longs(String name, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64.getNumber())
        .addDims(1)
        .addInt64Data(value)
        .build();
  }

  /** Floats of any batch, {@code [batch][cells][1]}. */
  private static ValueInfoProto floats(String name, int cells) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    shape.addDimBuilder().setDimValue(cells);
    shape.addDimBuilder().setDimValue(1);
    return value(name, TensorProto.DataType.FLOAT, shape);
  }

  private static ValueInfoProto scalar(String name, TensorProto.DataType type) {
    return value(name, type, TensorShapeProto.newBuilder());
  }

  private static ValueInfoProto value(
      String name, TensorProto.DataType type, TensorShapeProto.Builder shape) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }
}
