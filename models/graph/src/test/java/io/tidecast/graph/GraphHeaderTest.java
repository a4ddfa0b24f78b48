package io.tidecast.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphHeaderTest {

  @Test
  void shouldReadWhatAnExporterWrites() {
    ModelProto model =
        ModelProto.newBuilder()
            .setProducerName("pytorch")
            .setProducerVersion("2.1.0")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("ai.onnx").setVersion(17))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("custom").setVersion(1))
            .setGraph(
                GraphProto.newBuilder()
                    .addInitializer(outside("weights.data"))
                    .addInitializer(outside("weights.data"))
                    .addInitializer(TensorProto.newBuilder().setName("inside")))
            .build();
    GraphHeader header = GraphHeader.read(model.toByteArray());
    assertThat(header.outsideFiles()).containsExactly("weights.data");
    assertThat(header)
        .isEqualTo(
            new GraphHeader(
                17,
                Map.of("custom", 1L),
                "pytorch 2.1.0",
                List.of(
                    new OutsideTensor("graph.initializer[0]", "", "weights.data"),
                    new OutsideTensor("graph.initializer[1]", "", "weights.data")),
                Optional.empty()));
  }

  private static TensorProto outside(String location) {
    return TensorProto.newBuilder()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location))
        .build();
  }

  @Test
  void shouldFindTheManifest() {
    ModelProto model =
        ModelProto.newBuilder()
            .setGraph(GraphProto.newBuilder())
            .addMetadataProps(entry("other", "x"))
            .addMetadataProps(entry(GraphHeader.MANIFEST_KEY, "{}"))
            .build();
    assertThat(GraphHeader.read(model.toByteArray()))
        .isEqualTo(new GraphHeader(0, Map.of(), "", List.of(), Optional.of("{}")));
  }

  private static StringStringEntryProto.Builder entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no graph at all", "PK\3\4"})
  void shouldRefuseWhatIsNoOnnxFile(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> GraphHeader.read(bytes))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith("not an ONNX file");
  }
}
