package io.tidecast.evaluation.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidecast.architectures.networks.Architectures;
import io.tidecast.graph.CheckedGraph;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelReexportTest {
  private static final Path MODEL =
      Path.of(System.getProperty("tidecast.root"), "models", "zoo", "timexer-uk-demand", "1");

  @TempDir private Path folder;

  @Test
  void shouldMakeAnOldGraphAsANewOneIsMade() throws IOException {
    ModelBundle model = ModelBundle.read(MODEL);
    ModelBundle old = changed(model, GraphProto.Builder::clearValueInfo);
    assertThat(old.onnx()).hasSizeLessThan(model.onnx().length);
    ModelBundle made = ModelReexport.of(old, Architectures.registry());
    assertThat(made.onnx()).isEqualTo(model.onnx());
    assertThat(made.manifest()).isEqualTo(model.manifest());
    assertThat(made.golden()).isSameAs(old.golden());
  }

  @Test
  void shouldKeepTheCardAndTheGoldenVectorsOfAFolder() throws IOException {
    ModelReexport.write(MODEL, Architectures.registry(), folder);
    for (String file : new String[] {"card.md", GoldenVectors.FILE, ModelBundle.ONNX_FILE}) {
      assertThat(folder.resolve(file)).hasSameBinaryContentAs(MODEL.resolve(file));
    }
    assertThat(folder.resolve(ModelManifest.FILE))
        .hasSameTextualContentAs(MODEL.resolve(ModelManifest.FILE));
    assertThat(Files.list(folder)).hasSize(4);
  }

  @Test
  void shouldRefuseOtherWeightsAndOtherForecasts() throws IOException {
    ModelBundle model = ModelBundle.read(MODEL);
    ModelBundle renamed =
        changed(
            model,
            graph ->
                graph.getInitializerBuilderList().stream()
                    .filter(weight -> weight.getName().equals("head.linear.bias"))
                    .forEach(weight -> weight.setName("head.bias")));
    assertThatThrownBy(() -> ModelReexport.of(renamed, Architectures.registry()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "timexer-uk-demand/1 can't be exported again: the graph must hold the weight"
                + " head.linear.bias F32 [48] as it is written here, found none of that name");

    ModelBundle moved =
        changed(
            model,
            graph ->
                graph.getInitializerBuilderList().stream()
                    .filter(weight -> weight.getName().equals("head.linear.bias"))
                    .forEach(
                        weight ->
                            weight.setRawData(
                                weight
                                    .getRawData()
                                    .substring(4)
                                    .concat(weight.getRawData().substring(0, 4)))));
    assertThatThrownBy(() -> ModelReexport.of(moved, Architectures.registry()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("does not give its golden vectors");

    ModelBundle unproven = new ModelBundle(model.manifest(), model.graph(), GoldenVectors.none());
    assertThatThrownBy(() -> ModelReexport.of(unproven, Architectures.registry()))
        .hasMessageStartingWith("golden.json must be there");
  }

  private static ModelBundle changed(ModelBundle model, Consumer<GraphProto.Builder> change)
      throws InvalidProtocolBufferException {
    ModelProto.Builder proto = ModelProto.parseFrom(model.onnx()).toBuilder();
    change.accept(proto.getGraphBuilder());
    return new ModelBundle(
        model.manifest(), new CheckedGraph(proto.build().toByteArray()), model.golden());
  }
}
