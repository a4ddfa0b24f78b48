package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that are given patches, from their manifest on. */
class PatchModelsTest {

  private static final String JSON = TestModels.patches(Padding.END, false, -1).manifest().toJson();

  /** Against the same weights over what the batch says that it holds. */
  @ParameterizedTest
  @EnumSource
  void shouldForecastFromThePatchesOfEachWindow(Padding padding) {
    ModelBundle bundle = TestModels.patches(padding, false, -1);
    ForecasterSpec spec = bundle.manifest().spec();
    WindowBatch windows = new WindowBatch(spec, 3);
    ForecastBatch forecasts = new ForecastBatch(spec, 3);
    for (int row = 0; row < 3; row++) {
      windows.add(window(row));
    }

    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      forecaster.forecast(windows, forecasts);
    }

    int size = spec.size(TensorRole.PATCHES) / 2;
    float[] weights = TestModels.patchWeights(padding);
    float[] patches = new float[2 * size];
    float[] points = new float[spec.pointsSize()];
    for (int row = 0; row < 3; row++) {
      windows.input(TensorRole.PATCHES, row, patches);
      forecasts.points(row, points);
      for (int i = 0; i < points.length; i++) {
        double sum = 0;
        for (int j = 0; j < size; j++) {
          sum += patches[i % 2 * size + j] * weights[j * 6 + i / 2];
        }
        assertThat((double) points[i]).isCloseTo(sum, within(1e-5));
      }
    }
  }

  @Test
  void shouldBeHeldToItsGoldenVectors() {
    ModelBundle bundle = TestModels.patches(Padding.END, false, -1);
    float[] points = new float[12];
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      windows.add(window(0));
      forecaster.forecast(windows, forecasts);
      forecasts.points(0, points);
    }
    open(bundle, points);
    points[3] += 1;

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> open(bundle, points))
        .withMessageContaining("cases[0].point[3]");
  }

  private static void open(ModelBundle bundle, float[] points) {
    GoldenVectors golden =
        new GoldenVectors(1e-4, List.of(new GoldenVectors.Case(window(0), points, new float[0])));
    OnnxForecaster.open(
            new ModelBundle(bundle.manifest(), bundle.onnx(), golden), OnnxOptions.defaults())
        .close();
  }

  private static Window window(int row) {
    float[] context = new float[26];
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) Math.sin(row + i * i);
    }
    return Window.of(context);
  }

  @Test
  void shouldComeBackFromItsJson() {
    ModelManifest manifest = ModelManifest.parse(JSON);

    assertThat(ModelManifest.parse(manifest.toJson())).isEqualTo(manifest);
    assertThat(manifest.spec().inputs().patches()).isEqualTo(manifest.patches());
    assertThat(manifest.spec().size(TensorRole.PATCHES)).isEqualTo(2 * 4 * 5);
    assertThat(manifest.spec().size(TensorRole.CONTEXT)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          batch*channel,patch,step | batch,patch,step | inputs: cut: layout: expected batch*channel,patch,step, found batch,patch,step
          "stride" : 3 | "stride" : 5 | inputs: cut: shape: expected [-1, 3, 5], found [-1, 4, 5]
          [ -1, 4, 5 ] | [ 1, 4, 5 ] | inputs: cut: shape: expected [-1, 4, 5], found [1, 4, 5]
          """)
  void shouldSayWhatItCannotFeed(String from, String to, String message) {
    ModelManifest manifest = ModelManifest.parse(JSON.replace(from, to));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.requireServable(manifest))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "length" : 5  | "length" : 17 | must cut a context of 13 cells for the input of role patches: patches=Patches[length=17, stride=3, padding=END]
          "padding" : "end" | "padding" : "start" | patches.padding: expected one of ["end","left","none"], found "start"
          """)
  void shouldRefuseAGeometryThatCutsNothing(String from, String to, String message) {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ModelManifest.parse(JSON.replace(from, to)))
        .withMessage("manifest.json: " + message);
  }

  @Test
  void shouldAskForOneWayToTheContext() {
    String both =
        JSON.replace(
            "\"inputs\" : [ {",
            """
            "inputs" : [ {
              "name" : "context", "role" : "context", "layout" : "batch,time,channel",
              "type" : "float32", "shape" : [ -1, 13, 2 ]
            }, {\
            """);
    ModelManifest manifest = ModelManifest.parse(both);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> OnnxForecaster.requireServable(manifest))
        .withMessage("inputs: expected exactly one of role context or patches, found both");
  }
}
