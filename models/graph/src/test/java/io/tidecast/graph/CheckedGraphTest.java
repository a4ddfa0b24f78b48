package io.tidecast.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.tidecast.graph.GraphFinding.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedGraphTest {

  private static final byte[] FILE = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  private static NodeProto.Builder node(String domain, String op, String... inputs) {
    return NodeProto.newBuilder()
        .setDomain(domain)
        .setOpType(op)
        .addAllInput(List.of(inputs))
        .addOutput("y");
  }

  private static ModelProto.Builder model(NodeProto.Builder... nodes) {
    GraphProto.Builder graph = GraphProto.newBuilder();
    List.of(nodes).forEach(graph::addNode);
    return ModelProto.newBuilder().setGraph(graph);
  }

  private static byte[] bytes(ModelProto.Builder model) {
    return model.build().toByteArray();
  }

  private static TensorProto flag(boolean value) {
    return TensorProto.newBuilder()
        .setName("train")
        .setDataType(TensorProto.DataType.BOOL_VALUE)
        .setRawData(ByteString.copyFrom(new byte[] {(byte) (value ? 1 : 0)}))
        .build();
  }

  /** Two values of a byte, from a place in {@link #FILE}. */
  private static TensorProto outside(int offset) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataType(TensorProto.DataType.INT8_VALUE)
        .addDims(2)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", "model.onnx.data"))
        .addExternalData(entry("offset", "" + offset))
        .addExternalData(entry("length", "2"))
        .build();
  }

  private static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  @Test
  void shouldPutWeightsIntoTheGraphWhereverItHasThem() throws IOException {
    AttributeProto.Builder branch =
        AttributeProto.newBuilder()
            .setName("then_branch")
            .setG(GraphProto.newBuilder().addInitializer(outside(4)));
    AttributeProto.Builder constant = AttributeProto.newBuilder().setName("value").setT(outside(6));
    ModelProto.Builder model =
        model(node("", "If").addAttribute(branch), node("", "Constant").addAttribute(constant));
    model.getGraphBuilder().addInitializer(outside(0)).addInitializer(outside(2));
    model
        .getGraphBuilder()
        .addSparseInitializer(
            SparseTensorProto.newBuilder()
                .setValues(outside(8))
                .setIndices(
                    TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.INT64_VALUE)
                        .addDims(2)
                        .addInt64Data(0)
                        .addInt64Data(1))
                .addDims(3));
    model.addFunctions(
        FunctionProto.newBuilder()
            .setDomain("own")
            .setName("f")
            .addNode(
                node("", "Constant")
                    .addAttribute(AttributeProto.newBuilder().setName("value").setT(outside(10)))));
    List<String> read = new ArrayList<>();

    CheckedGraph graph =
        CheckedGraph.of(
            bytes(model),
            file -> {
              read.add(file);
              return FILE;
            });

    assertThat(read).containsExactly("model.onnx.data");
    assertThat(graph.header().outside()).isEmpty();
    GraphProto whole = ModelProto.parseFrom(graph.bytes()).getGraph();
    assertThat(whole.getInitializer(0).getExternalDataList()).isEmpty();
    assertThat(
            List.of(
                whole.getInitializer(0),
                whole.getInitializer(1),
                whole.getNode(0).getAttribute(0).getG().getInitializer(0),
                whole.getNode(1).getAttribute(0).getT(),
                whole.getSparseInitializer(0).getValues(),
                ModelProto.parseFrom(graph.bytes())
                    .getFunctions(0)
                    .getNode(0)
                    .getAttribute(0)
                    .getT()))
        .extracting(tensor -> tensor.getRawData().byteAt(0))
        .containsExactly((byte) 0, (byte) 2, (byte) 4, (byte) 6, (byte) 8, (byte) 10);
  }

  @Test
  void shouldReadNoFileOfAGraphThatIsRefused() {
    ModelProto.Builder model = model(node("evil", "Exec"));
    model.getGraphBuilder().addInitializer(outside(0));
    byte[] onnx = bytes(model);

    assertThatExceptionOfType(GraphException.class)
        .isThrownBy(
            () ->
                CheckedGraph.of(
                    onnx,
                    file -> {
                      throw new AssertionError("nobody may ask for " + file);
                    }))
        .withMessageContaining("evil::Exec");
  }

  @Test
  void shouldListEveryFindingWithItsPlaces() {
    NodeProto.Builder draw = node("", "RandomNormal");
    byte[] onnx = bytes(model(draw, node("evil", "Exec"), draw, draw, draw));

    assertThatExceptionOfType(GraphException.class)
        .isThrownBy(() -> new CheckedGraph(onnx))
        .satisfies(
            refusal ->
                assertThat(refusal.findings())
                    .extracting(GraphFinding::kind, GraphFinding::count)
                    .containsExactly(tuple(Kind.RANDOM, 4), tuple(Kind.FOREIGN, 1)))
        .withMessageContaining("(at graph.node[0], graph.node[2], graph.node[3] and 1 more)");
  }

  /** What exporters write: in evaluation mode, with functions of their own, with newer fields. */
  @Test
  void shouldPassWhatExportersWrite() {
    ModelProto.Builder dropout = model(node("", "Dropout", "x", "", "train"));
    dropout.getGraphBuilder().addInitializer(flag(false));
    ModelProto.Builder constant =
        model(
            node("", "Constant")
                .clearOutput()
                .addOutput("train")
                .addAttribute(AttributeProto.newBuilder().setName("value").setT(flag(false))),
            node("", "Dropout", "x", "", "train"));
    ModelProto.Builder functions =
        model(node("pkg.torch", "Linear", "x"))
            .addFunctions(
                FunctionProto.newBuilder()
                    .setDomain("pkg.torch")
                    .setName("Linear")
                    .addNode(node("ai.onnx", "MatMul", "a", "b"))
                    .addNode(node("pkg.torch", "Bias", "c")))
            .addFunctions(
                FunctionProto.newBuilder()
                    .setDomain("pkg.torch")
                    .setName("Bias")
                    .addNode(node("com.microsoft", "FusedMatMul", "a", "b")));

    for (ModelProto.Builder model :
        List.of(
            dropout,
            constant,
            functions,
            model(node("", "Dropout", "x")),
            model(node("ai.onnx.ml", "TreeEnsemble", "x")))) {
      byte[] onnx = bytes(model);
      assertThatCode(() -> new CheckedGraph(onnx)).doesNotThrowAnyException();
    }
  }

  /** A flag that is off somewhere else, or that a caller turns on. */
  @Test
  void shouldNotTakeAFlagForOffThatMayBeOn() {
    NodeProto.Builder dropout = node("", "Dropout", "x", "", "train");
    ModelProto.Builder hidden = model();
    hidden
        .getGraphBuilder()
        .addInitializer(flag(false))
        .addNode(
            node("", "Loop")
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("body")
                        .setG(
                            GraphProto.newBuilder()
                                .addInput(ValueInfoProto.newBuilder().setName("train"))
                                .addNode(dropout))));
    ModelProto.Builder given =
        model(node("own", "f", "x"))
            .addFunctions(
                FunctionProto.newBuilder()
                    .setDomain("own")
                    .setName("f")
                    .addNode(
                        node("", "Constant")
                            .clearOutput()
                            .addOutput("train")
                            .addAttribute(
                                AttributeProto.newBuilder()
                                    .setName("value_int")
                                    .setRefAttrName("on")))
                    .addNode(dropout));

    for (ModelProto.Builder model : List.of(hidden, given)) {
      byte[] onnx = bytes(model);
      assertThatExceptionOfType(GraphException.class)
          .isThrownBy(() -> new CheckedGraph(onnx))
          .withMessageContaining("must not draw at random");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "/a",
        "a\\b",
        "c:a",
        "a\0b",
        "a\nb",
        "*/_ORT_MEM_ADDR_/*"
      })
  void shouldTakeNoWayForAName(String location) {
    assertThat(OutsideTensor.isPlainName(location)).isFalse();
    assertThat(OutsideTensor.isPlainName("model.onnx.data")).isTrue();
    assertThat(OutsideTensor.isPlainName("onnx__MatMul_12")).isTrue();
  }

  /** Whatever becomes of the bytes of a graph, it is one or the other, and no other failure. */
  @Test
  void shouldPassOrRefuseWhateverTheBytes() {
    byte[] whole =
        bytes(
            model(node("own", "f", "x"))
                .addFunctions(
                    FunctionProto.newBuilder()
                        .setDomain("own")
                        .setName("f")
                        .addNode(
                            node("", "Constant")
                                .addAttribute(
                                    AttributeProto.newBuilder().setName("value").setT(outside(0))))
                        .addNode(node("", "Expand", "x", "y"))));
    Random random = new Random(5);
    int passed = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = Arrays.copyOf(whole, whole.length - random.nextInt(3));
      for (int change = random.nextInt(4); change >= 0; change--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        CheckedGraph.of(changed, file -> FILE).ports();
        passed++;
      } catch (GraphException e) {
        assertThat(e).hasMessageNotContaining("\0");
      }
    }
    assertThat(passed).isBetween(100, 19_000);
  }

  /** A stream of bytes is no way around the door. */
  @Test
  void shouldCheckAgainWhatArrivesFromAnotherProcess() throws Exception {
    CheckedGraph graph = new CheckedGraph(bytes(model(node("", "Tranquile", "x"))));
    String sent = new String(sent(graph), StandardCharsets.ISO_8859_1);
    assertThat(((CheckedGraph) arrived(sent)).bytes()).isEqualTo(graph.bytes());

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> arrived(sent.replace("Tranquile", "Bernoulli")))
        .withStackTraceContaining("must not draw at random");
  }

  private static byte[] sent(CheckedGraph graph) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(graph);
    }
    return bytes.toByteArray();
  }

  private static Object arrived(String sent) throws IOException, ClassNotFoundException {
    byte[] bytes = sent.getBytes(StandardCharsets.ISO_8859_1);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return in.readObject();
    }
  }
}
