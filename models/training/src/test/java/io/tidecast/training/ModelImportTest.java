package io.tidecast.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.Tensor;
import io.tidecast.runtime.ForecastBatch;
import io.tidecast.runtime.ModelBundle;
import io.tidecast.runtime.ModelException;
import io.tidecast.runtime.ModelManifest;
import io.tidecast.runtime.OnnxForecaster;
import io.tidecast.runtime.OnnxOptions;
import io.tidecast.runtime.Window;
import io.tidecast.runtime.WindowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelImportTest {
  @TempDir private Path folder;

  static Stream<ParityCase> patchTsts() {
    return ParityCase.all().stream().filter(c -> c.architecture().name().equals("patchtst"));
  }

  static Stream<ParityCase> withTimeFeatures() {
    return ParityCase.all().stream().filter(c -> c.io().containsKey("x_mark_enc"));
  }

  @ParameterizedTest
  @MethodSource("patchTsts")
  void shouldServeWhatTheOfficialCodeGives(ParityCase parity) throws IOException {
    Path model = folder.resolve("model");
    ModelManifest written = importer(parity, null).write(parity.weights(), model);
    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.manifest()).isEqualTo(written);
    assertThat(bundle.golden().cases()).hasSize(3);
    assertThat(written.channels().mode()).isEqualTo(ModelManifest.Channels.Mode.INDEPENDENT);
    assertThat(Files.readString(model.resolve("card.md")))
        .contains("# official, version 7", "`weights.safetensors`", "tidecast model import");
    parity.assertMatches("y", forecast(bundle, parity.io().get("x_enc").floats()));
  }

  @Test
  void shouldTakeAndGiveRawUnitsWhereItIsToldTheScale() throws IOException {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    Path model = folder.resolve("model");
    Scaler scaler = new Scaler(new double[] {1000, -3, 0}, new double[] {50, 0.5, 1});
    importer(parity, scaler).write(parity.weights(), model);
    ModelBundle bundle = ModelBundle.read(model);
    float[] points = forecast(bundle, raw(parity.io().get("x_enc").floats(), scaler));
    float[] expected = raw(parity.io().get("y").floats(), scaler);
    for (int i = 0; i < points.length; i++) {
      assertThat((double) points[i])
          .isCloseTo(expected[i], within(1e-4 * scaler.deviation()[i % 3] + 1e-6 * 1000));
    }
    assertThat(bundle.golden().cases().get(0).context()[0]).isBetween(700f, 1300f);
    assertThat(bundle.manifest().training())
        .containsEntry("scalerMean", List.of(1000.0, -3.0, 0.0));
  }

  @Test
  void shouldGiveTheSameBytesAgain() throws IOException {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    importer(parity, null).write(parity.weights(), folder.resolve("one"));
    importer(parity, null).write(parity.weights(), folder.resolve("two"));
    for (String file : List.of("model.onnx", "manifest.json", "golden.json", "card.md")) {
      assertThat(folder.resolve("one").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("two").resolve(file));
    }
  }

  @ParameterizedTest
  @MethodSource("withTimeFeatures")
  void shouldSayWhatTheRuntimeCannotFeed(ParityCase parity) {
    assertThatThrownBy(() -> importer(parity, null))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            parity.architecture().name()
                + " can't be served yet: timeFeatures: expected names exactly when an input has the role"
                + " context_time_features or future_time_features, found []");
  }

  @Test
  void shouldRefuseANetworkThatGivesNoNumbers() {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    Map<String, Tensor> weights = new LinkedHashMap<>(parity.weights());
    weights.replaceAll(
        (name, tensor) -> name.equals("model.head.linear.bias") ? nan(tensor) : tensor);
    Path model = folder.resolve("model");
    assertThatThrownBy(() -> importer(parity, null).write(weights, model))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("the network must give finite forecasts")
        .hasMessageEndingWith("point[0]=NaN");
    assertThat(model).doesNotExist();
  }

  private static Tensor nan(Tensor tensor) {
    float[] values = new float[tensor.floats().length];
    Arrays.fill(values, Float.NaN);
    return Tensor.of(values, tensor.shape());
  }

  @Test
  void shouldAskForANameOfEachChannel() {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    assertThatThrownBy(() -> importer(parity.architecture(), parity, null, List.of("load")))
        .isInstanceOf(ModelException.class)
        .hasMessage("channels must be named once each: enc_in=3, names=[load]");
  }

  private static ModelImport<?> importer(ParityCase parity, Scaler scaler) {
    List<String> names =
        IntStream.range(0, parity.hyperparameters().get("enc_in").asInt())
            .mapToObj(c -> "c" + c)
            .toList();
    return importer(parity.architecture(), parity, scaler, names);
  }

  private static <C extends ArchitectureConfig> ModelImport<C> importer(
      Architecture<C> architecture, ParityCase parity, Scaler scaler, List<String> names) {
    return new ModelImport<>(
        architecture,
        architecture.readConfig(parity.hyperparameters()),
        new ModelImport.Settings(
            "official",
            "7",
            "any",
            names,
            scaler,
            "weights.safetensors",
            "./tidecast model import ...",
            "Apache-2.0"));
  }

  private static float[] raw(float[] scaled, Scaler scaler) {
    float[] raw = new float[scaled.length];
    for (int i = 0; i < raw.length; i++) {
      int c = i % scaler.mean().length;
      raw[i] = (float) (scaled[i] * scaler.deviation()[c] + scaler.mean()[c]);
    }
    return raw;
  }

  /** Every context {@code [batch][time][channel]}, served as one batch. */
  private static float[] forecast(ModelBundle bundle, float[] contexts) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      int size = forecaster.spec().contextSize();
      int rows = contexts.length / size;
      WindowBatch windows = new WindowBatch(forecaster.spec(), rows);
      for (int row = 0; row < rows; row++) {
        windows.add(Window.of(Arrays.copyOfRange(contexts, row * size, (row + 1) * size)));
      }
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), rows);
      forecaster.forecast(windows, forecasts);
      int points = forecaster.spec().pointsSize();
      float[] all = new float[rows * points];
      float[] one = new float[points];
      for (int row = 0; row < rows; row++) {
        forecasts.points(row, one);
        System.arraycopy(one, 0, all, row * points, points);
      }
      return all;
    }
  }
}
