package io.tidecast.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GraphWalkTest {

  private static TensorProto outside() {
    return outside("w", "weights.bin");
  }

  private static TensorProto outside(String name, String location) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("offset").setValue("4096"))
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }

  private static SparseTensorProto sparse(boolean values) {
    TensorProto inside = TensorProto.getDefaultInstance();
    return SparseTensorProto.newBuilder()
        .setValues(values ? outside() : inside)
        .setIndices(values ? inside : outside())
        .build();
  }

  private static GraphProto with(AttributeProto.Builder attribute) {
    return GraphProto.newBuilder().addNode(node(attribute)).build();
  }

  private static NodeProto node(AttributeProto.Builder attribute) {
    return NodeProto.newBuilder()
        .addAttribute(Attributes.integer("first", 1))
        .addAttribute(attribute)
        .build();
  }

  private static AttributeProto.Builder attribute() {
    return AttributeProto.newBuilder().setName("a");
  }

  private static GraphProto initialized() {
    return GraphProto.newBuilder().addInitializer(outside()).build();
  }

  private static ModelProto model(GraphProto graph) {
    return ModelProto.newBuilder().setGraph(graph).build();
  }

  private static ModelProto model(FunctionProto.Builder function) {
    return ModelProto.newBuilder()
        .setGraph(GraphProto.getDefaultInstance())
        .addFunctions(function)
        .build();
  }

  private static ModelProto model(TrainingInfoProto.Builder training) {
    return ModelProto.newBuilder()
        .setGraph(GraphProto.getDefaultInstance())
        .addTrainingInfo(training)
        .build();
  }

  static Stream<Arguments> places() {
    GraphProto branch = initialized();
    return Stream.of(
        Arguments.of("graph.initializer[0]", model(branch)),
        Arguments.of(
            "graph.sparse_initializer[0].values",
            model(GraphProto.newBuilder().addSparseInitializer(sparse(true)).build())),
        Arguments.of(
            "graph.sparse_initializer[0].indices",
            model(GraphProto.newBuilder().addSparseInitializer(sparse(false)).build())),
        Arguments.of("graph.node[0].attribute[1].t", model(with(attribute().setT(outside())))),
        Arguments.of(
            "graph.node[0].attribute[1].tensors[1]",
            model(
                with(
                    attribute()
                        .addTensors(TensorProto.getDefaultInstance())
                        .addTensors(outside())))),
        Arguments.of(
            "graph.node[0].attribute[1].sparse_tensor.values",
            model(with(attribute().setSparseTensor(sparse(true))))),
        Arguments.of(
            "graph.node[0].attribute[1].sparse_tensors[0].indices",
            model(with(attribute().addSparseTensors(sparse(false))))),
        Arguments.of(
            "graph.node[0].attribute[1].g.initializer[0]", model(with(attribute().setG(branch)))),
        Arguments.of(
            "graph.node[0].attribute[1].graphs[1].initializer[0]",
            model(with(attribute().addGraphs(GraphProto.getDefaultInstance()).addGraphs(branch)))),
        Arguments.of(
            "graph.node[0].attribute[1].g.node[0].attribute[1].g.node[0].attribute[1].t",
            model(
                with(attribute().setG(with(attribute().setG(with(attribute().setT(outside())))))))),
        Arguments.of(
            "functions[0].node[0].attribute[1].t",
            model(FunctionProto.newBuilder().addNode(node(attribute().setT(outside()))))),
        Arguments.of(
            "functions[0].node[0].attribute[1].g.initializer[0]",
            model(FunctionProto.newBuilder().addNode(node(attribute().setG(branch))))),
        Arguments.of(
            "functions[0].attribute_proto[0].t",
            model(FunctionProto.newBuilder().addAttributeProto(attribute().setT(outside())))),
        Arguments.of(
            "training_info[0].initialization.initializer[0]",
            model(TrainingInfoProto.newBuilder().setInitialization(branch))),
        Arguments.of(
            "training_info[0].algorithm.initializer[0]",
            model(TrainingInfoProto.newBuilder().setAlgorithm(branch))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("places")
  void shouldFindWhatLiesOutside(String place, ModelProto model) {
    GraphHeader header = GraphHeader.read(model.toByteArray());
    assertThat(header.outside()).containsExactly(new OutsideTensor(place, "w", "weights.bin"));
    assertThat(header.outsideFiles()).containsExactly("weights.bin");
  }

  /** Every way of at most eight fields from a model to a tensor, taken from the schema itself. */
  @Test
  void shouldFindATensorWhereverTheSchemaLetsItStand() throws InvalidProtocolBufferException {
    List<List<FieldDescriptor>> ways = new ArrayList<>();
    collect(ModelProto.getDescriptor(), new ArrayList<>(), new HashSet<>(), ways);
    assertThat(ways).hasSizeGreaterThan(places().toList().size() / 2);
    for (List<FieldDescriptor> way : ways) {
      byte[] bytes = holding(way).toByteArray();
      List<OutsideTensor> found = GraphWalk.of(ModelProto.parseFrom(bytes)).outside();
      assertThat(found).as("%s", way).extracting(OutsideTensor::name).containsExactly("w");
    }
  }

  /** Each field is taken once on a way, so recursion ends. */
  private static void collect(
      Descriptor type,
      List<FieldDescriptor> way,
      Set<FieldDescriptor> taken,
      List<List<FieldDescriptor>> ways) {
    if (type.equals(TensorProto.getDescriptor())) {
      ways.add(List.copyOf(way));
      return;
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE && way.size() < 8 && taken.add(field)) {
        way.add(field);
        collect(field.getMessageType(), way, taken, ways);
        way.remove(way.size() - 1);
        taken.remove(field);
      }
    }
  }

  private static DynamicMessage holding(List<FieldDescriptor> way) {
    DynamicMessage inner = DynamicMessage.newBuilder(outside()).build();
    for (int i = way.size() - 1; i >= 0; i--) {
      FieldDescriptor field = way.get(i);
      DynamicMessage.Builder outer = DynamicMessage.newBuilder(field.getContainingType());
      if (field.isRepeated()) {
        outer.addRepeatedField(field, inner);
      } else {
        outer.setField(field, inner);
      }
      inner = outer.build();
    }
    return inner;
  }

  @Test
  void shouldListEveryTensorAndNameEachFileOnce() {
    ModelProto model =
        ModelProto.newBuilder()
            .setGraph(
                GraphProto.newBuilder()
                    .addInitializer(outside("a", "one.bin"))
                    .addInitializer(TensorProto.newBuilder().setName("inside"))
                    .addInitializer(outside("b", "two.bin"))
                    .addInitializer(outside("c", "one.bin")))
            .build();
    GraphHeader header = GraphHeader.read(model.toByteArray());
    assertThat(header.outside())
        .containsExactly(
            new OutsideTensor("graph.initializer[0]", "a", "one.bin"),
            new OutsideTensor("graph.initializer[2]", "b", "two.bin"),
            new OutsideTensor("graph.initializer[3]", "c", "one.bin"));
    assertThat(header.outsideFiles()).containsExactly("one.bin", "two.bin");
  }

  @Test
  void shouldFindATensorThatNamesNoFile() {
    TensorProto nameless =
        TensorProto.newBuilder().setDataLocation(TensorProto.DataLocation.EXTERNAL).build();
    ModelProto model = model(GraphProto.newBuilder().addInitializer(nameless).build());
    assertThat(GraphHeader.read(model.toByteArray()).outside())
        .containsExactly(new OutsideTensor("graph.initializer[0]", "", OutsideTensor.UNNAMED));
  }

  @Test
  void shouldPassOverWhatIsInside() {
    TensorProto inside =
        TensorProto.newBuilder()
            .setName("w")
            .setDataLocation(TensorProto.DataLocation.DEFAULT)
            .addFloatData(1)
            .build();
    ModelProto model =
        model(
            GraphProto.newBuilder()
                .addInitializer(inside)
                .addNode(node(attribute().setT(inside)))
                .build());
    assertThat(GraphHeader.read(model.toByteArray()).outside()).isEmpty();
  }

  /** Deeper than protobuf reads; ONNX Runtime's own reader stops there too. */
  @Test
  void shouldRefuseAGraphThatIsTooDeepToBeRead() {
    GraphProto graph = initialized();
    for (int depth = 0; depth < 50; depth++) {
      graph = with(attribute().setG(graph));
    }
    byte[] bytes = model(graph).toByteArray();
    assertThatExceptionOfType(GraphException.class)
        .isThrownBy(() -> GraphHeader.read(bytes))
        .withMessageStartingWith("not an ONNX file");
  }
}
