package io.tidecast.evaluation.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.Forecaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("zoo")
class ModelRoundingTest {
  private static final Path ZOO = Path.of(System.getProperty("tidecast.root"), "models", "zoo");

  @TempDir private Path folder;

  /**
   * The bound is some two times what was measured, as a share of the spread of the forecast. In
   * units of the series in half precision, a megawatt would be rounded to 32 of them, a hundredth
   * of the spread.
   */
  @ParameterizedTest
  @CsvSource({"patchtst-uk-demand, .003", "timexer-uk-demand, .003"})
  void shouldMakeAVersionThatForecastsAlmostTheSame(String id, double bound) throws IOException {
    Path original = ZOO.resolve(id).resolve("1");
    ModelRounding made = ModelRounding.write(original, null, Architectures.registry(), folder);
    assertThat(made.difference()).isPositive().isLessThan(bound);
    assertThat(made.moved()).isZero();

    ModelBundle read = ModelBundle.read(folder);
    ModelManifest manifest = read.manifest();
    ModelManifest before = ModelManifest.read(original.resolve(ModelManifest.FILE));
    assertThat(manifest.id()).isEqualTo(id);
    assertThat(manifest.version()).isEqualTo("1-fp16");
    assertThat(manifest.precision()).isEqualTo(Precision.FP16);
    assertThat(manifest.accuracy()).as("measured of the original").isEmpty();
    assertThat(manifest.shiftEquivariant()).isTrue();
    assertThat(manifest.training())
        .containsAllEntriesOf(before.training())
        .containsEntry("roundedFrom", Map.of("version", "1", "sha256", before.sha256()));
    assertThat(read.golden().relativeTolerance()).isEqualTo(.02);
    assertThat(read.golden().cases())
        .hasSameSizeAs(GoldenVectors.read(original.resolve(GoldenVectors.FILE)).cases());
    try (Forecaster forecaster = OnnxForecaster.open(read, OnnxOptions.defaults())) {
      new GoldenVectors(1e-6, read.golden().cases()).check(forecaster);
      assertThat(forecaster.isShiftEquivariant()).isTrue();
    }
  }

  @Test
  void shouldLeaveOutWindowsThatMoveAndRefuseAModelOfWhichMostDo() {
    ModelBundle model = ModelBundle.read(ZOO.resolve("patchtst-uk-demand").resolve("1"));
    assertThat(model.golden().cases()).hasSize(3);

    ModelRounding made = ModelRounding.of(moved(model, 1), "half", Architectures.registry());
    assertThat(made.moved()).isEqualTo(1);
    assertThat(made.bundle().golden().cases())
        .extracting(golden -> golden.context()[0])
        .containsExactlyElementsOf(
            model.golden().cases().subList(1, 3).stream().map(c -> c.context()[0]).toList());

    ModelBundle most = moved(model, 2);
    assertThatThrownBy(() -> ModelRounding.of(most, null, Architectures.registry()))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "in half precision, no more than half of the golden windows of patchtst-uk-demand/1"
                + " may move by more than 0.01 of the spread of their forecast, 2 of 3 do; serve"
                + " the model in single precision");
  }

  /** The same, the known answers of the first windows being other ones that pass for right. */
  private static ModelBundle moved(ModelBundle model, int windows) {
    List<GoldenVectors.Case> cases = model.golden().cases();
    List<GoldenVectors.Case> others =
        IntStream.range(0, cases.size())
            .mapToObj(i -> i < windows ? moved(cases.get(i)) : cases.get(i))
            .toList();
    return new ModelBundle(model.manifest(), model.graph(), new GoldenVectors(0.5, others));
  }

  private static GoldenVectors.Case moved(GoldenVectors.Case golden) {
    float[] point = golden.point().clone();
    point[7] *= 1.1f;
    return new GoldenVectors.Case(golden.window(), point, new float[0]);
  }

  @Test
  void shouldRefuseTheVersionOfTheOriginalAndAModelWithoutKnownAnswers() {
    ModelBundle model = ModelBundle.read(ZOO.resolve("patchtst-uk-demand").resolve("1"));
    assertThatThrownBy(() -> ModelRounding.of(model, "1", Architectures.registry()))
        .isInstanceOf(ModelException.class)
        .hasMessage("a model in half precision must have a version of its own: version=1");
    ModelBundle unproven = new ModelBundle(model.manifest(), model.graph(), GoldenVectors.none());
    assertThatThrownBy(() -> ModelRounding.of(unproven, null, Architectures.registry()))
        .hasMessageStartingWith("golden.json must be there");
  }
}
