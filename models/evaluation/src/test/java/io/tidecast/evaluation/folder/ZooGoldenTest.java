package io.tidecast.evaluation.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shipped: the graphs that are made today, and what they are held to when opened. */
@Tag("zoo")
class ZooGoldenTest {

  static List<Path> models() throws IOException {
    Path zoo = Path.of(System.getProperty("tidecast.root"), "models", "zoo");
    try (Stream<Path> files = Files.walk(zoo, 3)) {
      return files
          .filter(file -> file.endsWith(ModelManifest.FILE))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  static List<Path> paddingModels() throws IOException {
    return models().stream()
        .filter(model -> ModelManifest.read(model.resolve(ModelManifest.FILE)).leftPadding())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("models")
  void shouldHoldTheGraphThatIsMadeToday(Path model) throws IOException {
    ModelBundle made = ModelReexport.of(ModelBundle.read(model), Architectures.registry());
    if (Boolean.getBoolean("tidecast.zoo.write")) {
      ServedModel.write(model, made, Files.readString(model.resolve(ServedModel.CARD)));
    }
    assertThat(ModelManifest.read(model.resolve(ModelManifest.FILE)))
        .as(
            "to make it anew: mvn -pl models/evaluation -am test -Dtest=ZooGoldenTest"
                + " -Dtidecast.zoo.write=true")
        .isEqualTo(made.manifest());
  }

  @ParameterizedTest
  @MethodSource("paddingModels")
  void shouldHoldAContextShorterThanTheModels(Path model) {
    ModelBundle bundle = ModelBundle.read(model);
    int size = bundle.manifest().spec().contextSize();
    List<GoldenVectors.Case> whole =
        bundle.golden().cases().stream().filter(c -> c.context().length == size).toList();
    List<GoldenVectors.Case> cases = new ArrayList<>(whole);
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      List<GoldenVectors.Case> made =
          ServedModel.golden(forecaster, whole.stream().map(GoldenVectors.Case::window).toList())
              .cases();
      cases.addAll(made.subList(whole.size(), made.size()));
    }
    GoldenVectors expected = new GoldenVectors(bundle.golden().relativeTolerance(), cases);
    if (Boolean.getBoolean("tidecast.zoo.write")) {
      expected.write(model.resolve(GoldenVectors.FILE));
    }
    assertThat(GoldenVectors.read(model.resolve(GoldenVectors.FILE)).cases())
        .as(
            "to add it: mvn -pl models/evaluation -am test -Dtest=ZooGoldenTest"
                + " -Dtidecast.zoo.write=true")
        .extracting(golden -> golden.context().length)
        .containsExactlyElementsOf(cases.stream().map(golden -> golden.context().length).toList());
  }
}
