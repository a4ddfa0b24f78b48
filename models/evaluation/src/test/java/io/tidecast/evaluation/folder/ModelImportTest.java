package io.tidecast.evaluation.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.architectures.Architecture;
import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.architectures.Hyperparameters;
import io.tidecast.architectures.ParityCase;
import io.tidecast.architectures.PastInput;
import io.tidecast.architectures.Tensor;
import io.tidecast.evaluation.data.Scaler;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelImportTest {
  private static final Serving PATCHES = new Serving(PastInput.PATCHES, null);

  @TempDir private Path folder;

  static Stream<ParityCase> patchTsts() {
    return ParityCase.all().stream().filter(c -> c.architecture().name().equals("patchtst"));
  }

  static Stream<ParityCase> withTimeFeatures() {
    return ParityCase.all().stream().filter(c -> c.io().containsKey("x_mark_enc"));
  }

  @Tag("parity")
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

  /** The runtime makes the calendar features itself, from the times behind the official ones. */
  @Tag("parity")
  @ParameterizedTest
  @MethodSource("withTimeFeatures")
  void shouldServeWhatTheOfficialCodeGivesWithTimeFeatures(ParityCase parity) throws IOException {
    Path model = folder.resolve("model");
    ModelManifest written = importer(parity, null).write(parity.weights(), model);
    assertThat(written.timeFeatures()).hasSize(4);
    float[] contexts = parity.io().get("x_enc").floats();
    long[] seconds = parity.io().get("time_enc_epoch_s").longs();
    int steps = written.contextLength();
    List<Window> windows = new ArrayList<>();
    for (float[] context : rows(contexts, contexts.length * steps / seconds.length)) {
      long origin = seconds[(windows.size() + 1) * steps - 1] * 1000;
      windows.add(new Window("any", origin, 3_600_000, context));
    }
    parity.assertMatches("y", forecast(ModelBundle.read(model), windows));
  }

  static Stream<ParityCase> sundials() {
    return ParityCase.all().stream().filter(c -> c.architecture().name().equals("sundial"));
  }

  @Tag("parity")
  @ParameterizedTest
  @MethodSource("sundials")
  void shouldServeAGenerativeModel(ParityCase parity) throws IOException {
    Path model = folder.resolve("model");
    ModelManifest written = importer(parity, null).write(parity.weights(), model);
    assertThat(written.quantileLevels()).hasSize(9);
    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.golden().cases())
        .extracting(golden -> golden.context().length)
        .startsWith(written.contextLength())
        .endsWith(written.contextLength() * 2 / 5);
    List<float[]> contexts = rows(parity.io().get("x").floats(), written.contextLength());
    Window here = new Window("here", 0, 1, contexts.get(0));
    Window there = new Window("there", 0, 1, contexts.get(0));
    Window young = new Window("here", 0, 1, newest(contexts.get(0), 7));
    float[] forecasts = forecast(bundle, List.of(here, young, here, there));
    List<float[]> points = rows(forecasts, written.predictionLength());
    assertThat(points.get(0)).containsExactly(points.get(2)).isNotEqualTo(points.get(3));
    assertThat(written.leftPadding()).isTrue();
    assertThat(points.get(1))
        .containsExactly(forecast(bundle, List.of(young)))
        .isNotEqualTo(points.get(0))
        .doesNotContain(Float.NaN);
  }

  private static float[] newest(float[] context, int cells) {
    float[] newest = context.clone();
    Arrays.fill(newest, 0, newest.length - cells, Float.NaN);
    return newest;
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
        .hasMessage(
            "model must answer a plausible window with finite numbers, it did not for a level of 100: model=official/7");
    assertThat(model).doesNotExist();
  }

  private static Tensor nan(Tensor tensor) {
    float[] values = new float[tensor.floats().length];
    Arrays.fill(values, Float.NaN);
    return Tensor.of(values, tensor.shape());
  }

  @Test
  void shouldNameTheSettingThatIsNotGiven() {
    ModelImport.Settings.Builder settings =
        ModelImport.Settings.builder().id("official").version("7").checkpoint("w").command("c");
    assertThatIllegalArgumentException()
        .isThrownBy(settings::build)
        .withMessage("must be given: licence");
  }

  @Test
  void shouldAskForANameOfEachChannel() {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    assertThatThrownBy(
            () -> importer(parity.architecture(), parity, null, Serving.PLAIN, List.of("load")))
        .isInstanceOf(ModelException.class)
        .hasMessage("channels must be named once each: enc_in=3, names=[load]");
  }

  static Stream<ParityCase> patchTstsOfPatches() {
    return patchTsts().filter(c -> !c.hyperparameters().path("decomposition").asBoolean());
  }

  /** The graphs differ, the weights are the same. */
  @Tag("parity")
  @ParameterizedTest
  @MethodSource("patchTstsOfPatches")
  void shouldServeWhatTheOfficialCodeGivesFromPatches(ParityCase parity) throws IOException {
    Path model = folder.resolve("model");
    ModelManifest written = importer(parity, null, PATCHES).write(parity.weights(), model);
    assertThat(written.inputs())
        .containsExactly(
            new ModelManifest.TensorSpec(
                "patches",
                TensorRole.PATCHES,
                "batch*channel,patch,step",
                "float32",
                List.of(-1L, 12L, 16L)));
    ModelBundle bundle = ModelBundle.read(model);
    assertThat(bundle.golden().cases()).hasSize(3);
    parity.assertMatches("y", forecast(bundle, parity.io().get("x_enc").floats()));
  }

  @Test
  void shouldScaleEachChannelOfThePatches() throws IOException {
    ParityCase parity = patchTsts().findFirst().orElseThrow();
    Scaler scaler = new Scaler(new double[] {1000, -3, 0}, new double[] {50, 0.5, 1});
    importer(parity, scaler).write(parity.weights(), folder.resolve("whole"));
    importer(parity, scaler, PATCHES).write(parity.weights(), folder.resolve("cut"));
    float[] contexts = raw(parity.io().get("x_enc").floats(), scaler);
    float[] whole = forecast(ModelBundle.read(folder.resolve("whole")), contexts);
    float[] cut = forecast(ModelBundle.read(folder.resolve("cut")), contexts);
    for (int i = 0; i < whole.length; i++) {
      assertThat((double) cut[i])
          .isCloseTo(
              whole[i], within(1e-5 * scaler.deviation()[i % 3] + 1e-6 * Math.abs(whole[i])));
    }
  }

  @Test
  void shouldSayWhyANetworkCannotBeGivenPatches() {
    ParityCase decomposing =
        patchTsts().filter(c -> c.name().endsWith("decomp")).findFirst().orElseThrow();
    assertThatThrownBy(() -> importer(decomposing, null, PATCHES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "patchtst must be given whole contexts for its moving averages: decomposition: true");
    assertThatThrownBy(() -> importer(sundials().findFirst().orElseThrow(), null, PATCHES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sundial takes whole contexts, no patches");
  }

  private static ModelImport<?> importer(ParityCase parity, Scaler scaler) {
    return importer(parity, scaler, Serving.PLAIN);
  }

  private static ModelImport<?> importer(ParityCase parity, Scaler scaler, Serving serving) {
    List<String> names =
        IntStream.range(0, parity.hyperparameters().path("enc_in").asInt(1))
            .mapToObj(c -> "c" + c)
            .toList();
    return importer(parity.architecture(), parity, scaler, serving, names);
  }

  private static <C extends ArchitectureConfig> ModelImport<C> importer(
      Architecture<C> architecture,
      ParityCase parity,
      Scaler scaler,
      Serving serving,
      List<String> names) {
    return new ModelImport<>(
        architecture,
        Hyperparameters.read(architecture, parity.hyperparameters()),
        ModelImport.Settings.builder()
            .id("official")
            .version("7")
            .channels(names)
            .scaler(scaler)
            .serving(serving)
            .checkpoint("weights.safetensors")
            .command("./tidecast model import ...")
            .licence("Apache-2.0")
            .build());
  }

  private static float[] raw(float[] scaled, Scaler scaler) {
    float[] raw = new float[scaled.length];
    for (int i = 0; i < raw.length; i++) {
      int c = i % scaler.mean().length;
      raw[i] = (float) (scaled[i] * scaler.deviation()[c] + scaler.mean()[c]);
    }
    return raw;
  }

  /** Every context {@code [batch][time][channel]}. */
  private static float[] forecast(ModelBundle bundle, float[] contexts) {
    int size = bundle.manifest().spec().contextSize();
    return forecast(bundle, rows(contexts, size).stream().map(Window::of).toList());
  }

  private static List<float[]> rows(float[] values, int size) {
    List<float[]> rows = new ArrayList<>();
    for (int start = 0; start < values.length; start += size) {
      rows.add(Arrays.copyOfRange(values, start, start + size));
    }
    return rows;
  }

  /** All points of windows that are served as one batch. */
  private static float[] forecast(ModelBundle bundle, List<Window> given) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      int rows = given.size();
      WindowBatch windows = new WindowBatch(forecaster.spec(), rows);
      given.forEach(windows::add);
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
