package io.tidecast.architectures.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.tidecast.architectures.WeightsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxHeaderTest {

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
    assertThat(OnnxHeader.read(model.toByteArray()))
        .isEqualTo(
            new OnnxHeader(
                17,
                Map.of("custom", 1L),
                "pytorch 2.1.0",
                List.of("weights.data"),
                Optional.empty()));
  }

  private static TensorProto outside(String location) {
    return TensorProto.newBuilder()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }

  @Test
  void shouldFindTheManifestOfItsOwnGraphs() {
    OnnxOps ops = OnnxOps.of(Map.of());
    ops.output("y", ops.input("x", -1), -1);
    byte[] onnx = ops.toModel("test", Map.of(OnnxHeader.MANIFEST_KEY, "{}"));
    assertThat(OnnxHeader.read(onnx))
        .isEqualTo(
            new OnnxHeader(OnnxOps.OPSET, Map.of(), "tidecast", List.of(), Optional.of("{}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no graph at all", "PK\3\4"})
  void shouldRefuseWhatIsNoOnnxFile(String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> OnnxHeader.read(bytes))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("not an ONNX file");
  }
}
