package io.tidecast.runtime.hostile;

import static io.tidecast.runtime.hostile.HostileModel.refused;
import static io.tidecast.runtime.hostile.Protos.attribute;
import static io.tidecast.runtime.hostile.Protos.bytes;
import static io.tidecast.runtime.hostile.Protos.floats;
import static io.tidecast.runtime.hostile.Protos.graph;
import static io.tidecast.runtime.hostile.Protos.longs;
import static io.tidecast.runtime.hostile.Protos.model;
import static io.tidecast.runtime.hostile.Protos.node;
import static io.tidecast.runtime.hostile.Protos.scalar;
import static io.tidecast.runtime.hostile.Protos.taking;
import static io.tidecast.runtime.hostile.Protos.through;
import static io.tidecast.runtime.hostile.Protos.value;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.tidecast.runtime.testing.TestModels;
import java.util.Arrays;
import java.util.List;

/** Models that are too large, would grow too large, or contradict themselves. */
final class SizeModels {

  private static final String VALUES = "must have at most 268,435,456 values";
  private static final String MAKES = "must make no tensor of more than 268,435,456 values, as ";

  private SizeModels() {}

  static List<HostileModel> all() {
    return List.of(
        tensor("huge-dimensions", VALUES, floats("w", 1_000_000, 1_000_000)),
        tensor("overflowing-dimensions", VALUES, floats("w", 1L << 33, 1L << 33)),
        tensor("dimensions-that-overflow-to-one", VALUES, floats("w", 1L << 63 - 1, 2, 2)),
        tensor("negative-dimension", "must have no negative dimension", floats("w", -4, 1)),
        tensor(
            "data-of-another-size",
            "must have what its dimensions [4, 1] say: expected 16 bytes, found 8",
            floats("w", 4, 1).setRawData(ByteString.copyFrom(new byte[8]))),
        tensor("data-missing", "expected 4 values, found 0", floats("w", 4, 1)),
        tensor(
            "unknown-type",
            "must be whole and of a type that this release knows: type 99",
            floats("w", 4, 1).setDataType(99)),
        refused(
            "sparse-of-a-million-million",
            VALUES,
            f -> f.graph(bytes(graph().addSparseInitializer(sparse())))),
        refused(
            "input-of-a-million-million",
            "a declared shape must have at most 2,147,483,648 values",
            f ->
                f.graph(
                    bytes(
                        graph()
                            .addValueInfo(value("y", 1_000_000, 1_000_000))
                            .addNode(node("Identity", "point", "context"))))),
        making("fill-with-zeros", "ConstantOfShape", longs("s", 1_000_000, 1_000_000)),
        refused(
            "expand",
            MAKES + "Expand does",
            f ->
                f.graph(
                    bytes(
                        through(node("Expand", "x", "context", "s"))
                            .addInitializer(longs("s", 1_000_000, 4, 1_000_000))))),
        refused(
            "tile-by-a-constant-node",
            MAKES + "Tile does",
            f ->
                f.graph(
                    bytes(
                        graph()
                            .addNode(
                                node("Constant", "s")
                                    .addAttribute(
                                        attribute("value", longs("", 1 << 20, 1, 1 << 20))))
                            .addNode(node("Tile", "x", "context", "s"))
                            .addNode(node("Identity", "point", "x"))))),
        refused(
            "range",
            MAKES + "Range does",
            f ->
                f.graph(
                    bytes(
                        through(node("Range", "x", "from", "to", "by"))
                            .addInitializer(scalar("from", 0L))
                            .addInitializer(scalar("to", 1L << 60))
                            .addInitializer(scalar("by", 1L))))),
        refused(
            "pads",
            MAKES + "Pad does",
            f ->
                f.graph(
                    bytes(
                        through(node("Pad", "x", "context", "s"))
                            .addInitializer(longs("s", 0, 1L << 40, 0, 0, 0, 0))))),
        refused(
            "graphs-within-graphs",
            "must have at most 16 graphs within each other",
            f -> f.graph(nested(20))),
        refused("graphs-beyond-what-can-be-read", "not an ONNX file", f -> f.graph(nested(60))),
        refused("million-nodes", "must have at most 200,000 nodes", f -> f.graph(nodes(250_000))),
        refused(
            "million-empty-nodes",
            "must have at most 3,000,000 parts",
            f -> f.graph(empty(4_000_000))),
        refused(
            "numbers-that-grow-in-memory",
            "must have at most 16,777,216 bytes of integers outside of raw data",
            f -> f.graph(bytes(taking(grown())))),
        refused(
            "cut-short",
            "not an ONNX file, or not all of one",
            f -> {
              byte[] whole = TestModels.patchTst().onnx();
              f.graph(Arrays.copyOf(whole, whole.length / 2));
            }),
        refused(
            "other-format-behind-the-same-bytes",
            "it has the mark of ONNX Runtime's own format",
            f -> f.graph(polyglot())),
        refused(
            "field-that-nobody-knows",
            "must hold only what this release knows of ONNX, and has field 77 of ModelProto",
            f ->
                f.graph(
                    model(through(node("Identity", "x", "context")))
                        .setUnknownFields(
                            UnknownFieldSet.newBuilder()
                                .addField(
                                    77,
                                    UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("?"))
                                        .build())
                                .build())
                        .build()
                        .toByteArray())));
  }

  private static HostileModel tensor(String name, String sentence, TensorProto.Builder tensor) {
    return refused(name, sentence, f -> f.graph(bytes(taking(tensor.build()))));
  }

  private static HostileModel making(String name, String operator, TensorProto shape) {
    return refused(
        name,
        MAKES + operator + " does",
        f -> f.graph(bytes(through(node(operator, "x", shape.getName())).addInitializer(shape))));
  }

  private static SparseTensorProto sparse() {
    return SparseTensorProto.newBuilder()
        .setValues(floats("w", 1).addFloatData(1))
        .setIndices(longs("", 0))
        .addDims(1_000_000)
        .addDims(1_000_000)
        .build();
  }

  private static byte[] nested(int depth) {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("innermost");
    for (int i = 0; i < depth; i++) {
      graph =
          GraphProto.newBuilder()
              .setName("g")
              .addNode(node("If", "x", "yes").addAttribute(attribute("then_branch", graph)));
    }
    return bytes(graph);
  }

  private static byte[] nodes(int count) {
    NodeProto node = node("Identity", "x", "context").build();
    GraphProto.Builder graph = graph();
    for (int i = 0; i < count; i++) {
      graph.addNode(node);
    }
    return bytes(graph);
  }

  /** Two bytes for a node each; written by hand, for nodes as objects would fill the memory. */
  private static byte[] empty(int count) {
    byte[] nodes = new byte[2 * count];
    for (int i = 0; i < nodes.length; i += 2) {
      nodes[i] = 1 << 3 | 2;
    }
    // The graph a second time: protobuf puts both together.
    ByteString.Output out = ByteString.newOutput();
    byte[] head = bytes(graph());
    out.write(head, 0, head.length);
    out.write(7 << 3 | 2);
    for (int left = nodes.length; left != 0; left >>>= 7) {
      out.write(left > 127 ? left & 127 | 128 : left);
    }
    out.write(nodes, 0, nodes.length);
    return out.toByteString().toByteArray();
  }

  /** A list of numbers that take a byte each in the file and eight in memory: 20 MB, 160 MB. */
  private static TensorProto grown() {
    byte[] ones = new byte[20_000_000];
    Arrays.fill(ones, (byte) 1);
    return floats("w", 4, 1)
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    TensorProto.INT64_DATA_FIELD_NUMBER,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(ones))
                        .build())
                .build())
        .build();
  }

  /** Protobuf reads it as a graph; ONNX Runtime, left to itself, does not. */
  private static byte[] polyglot() {
    byte[] graph = bytes(through(node("Identity", "x", "context")));
    byte[] producer = HostileFolder.text("..ORTM");
    byte[] both = new byte[2 + producer.length + graph.length];
    both[0] = 2 << 3 | 2;
    both[1] = (byte) producer.length;
    System.arraycopy(producer, 0, both, 2, producer.length);
    System.arraycopy(graph, 0, both, 2 + producer.length, graph.length);
    return both;
  }
}
