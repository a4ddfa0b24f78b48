package io.tidecast.runtime.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenVectorsTest {

  private static final float[] NONE = {};
  private static final ForecasterSpec SPEC = new ForecasterSpec("m", "1", 2, 2, 1, List.of());

  @TempDir private Path directory;

  @Test
  void shouldKeepEveryBitThroughItsFile() {
    float[] context = {0.1f, -1.17549435e-38f, 3.4028235e38f, 1 / 3f};
    Path file = directory.resolve(GoldenVectors.FILE);

    golden(1e-5, context, new float[] {-0f, 16777217f}).write(file);
    GoldenVectors read = GoldenVectors.read(file);

    assertThat(read.relativeTolerance()).isEqualTo(1e-5);
    assertThat(read.cases()).hasSize(1);
    assertThat(read.cases().get(0).context()).containsExactly(context);
    assertThat(read.cases().get(0).point()).containsExactly(-0f, 16777217f);
  }

  @Test
  void shouldKeepWhateverAWindowHolds() {
    Path file = directory.resolve(GoldenVectors.FILE);
    Window window =
        new Window("série", -1_700_000_000_001L, 60_000, new float[] {1, 2}, new float[] {0.1f, 3});

    new GoldenVectors(
            1e-5, List.of(new GoldenVectors.Case(window, new float[] {4}, new float[] {5, 1 / 3f})))
        .write(file);
    GoldenVectors.Case read = GoldenVectors.read(file).cases().get(0);

    assertThat(read.window()).usingRecursiveComparison().isEqualTo(window);
    assertThat(read.point()).containsExactly(4);
    assertThat(read.quantiles()).containsExactly(5, 1 / 3f);
  }

  @Test
  void shouldWriteNothingThatAModelOfTheContextAloneDoesNotNeed() throws Exception {
    Path file = directory.resolve(GoldenVectors.FILE);

    golden(1e-4, new float[] {7, 100}, new float[] {100, 100}).write(file);

    assertThat(Files.readString(file).replaceAll("\\s", ""))
        .isEqualTo(
            "{\"relativeTolerance\":1.0E-4,"
                + "\"cases\":[{\"context\":[7.0,100.0],\"point\":[100.0,100.0]}]}");
  }

  /** As the first models of the zoo have it. */
  @Test
  void shouldReadVectorsOfContextAndPoint() throws Exception {
    Path file = directory.resolve(GoldenVectors.FILE);
    Files.writeString(
        file, "{\"relativeTolerance\":1e-4,\"cases\":[{\"context\":[7,100],\"point\":[100,100]}]}");

    GoldenVectors read = GoldenVectors.read(file);

    assertThat(read.cases().get(0).window())
        .usingRecursiveComparison()
        .isEqualTo(Window.of(new float[] {7, 100}));
    assertThatNoException().isThrownBy(() -> check(read));
  }

  @Test
  void shouldHoldAPointToTheMeanSizeOfItsCase() {
    // Repeats 100, so 0.01 is allowed at every point, also where 0 is expected.
    assertThatNoException()
        .isThrownBy(() -> check(golden(1e-4, new float[] {7, 100}, new float[] {100.009f, 100})));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> check(golden(1e-4, new float[] {7, 100}, new float[] {100, 100.02f})))
        .withMessageContaining("cases[0].point[1]: expected 100.02 within 0.01000")
        .withMessageEndingWith("found 100.0");
  }

  @Test
  void shouldRefuseCasesOfAnotherSize() {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> check(golden(1e-4, new float[3], new float[2])))
        .withMessage("golden.json: cases[0].context: expected 2 values, found 3");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> check(golden(1e-4, new float[2], new float[1])))
        .withMessage("golden.json: cases[0].point: expected 2 values, found 1");
  }

  /** Of a model whose mean of what is known would be off if it took what is missing for 0. */
  @Test
  void shouldHoldAModelThatPadsToAShorterContext() {
    ModelBundle bundle = TestModels.meanOfKnown();
    Window young = Window.of(new float[] {1, 10, 3, 30});
    float[] points = new float[6];
    try (Forecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      windows.add(young.padded(26));
      forecaster.forecast(windows, forecasts);
      forecasts.points(0, points);
      GoldenVectors golden =
          new GoldenVectors(1e-4, List.of(new GoldenVectors.Case(young, points, NONE)));
      assertThatNoException().isThrownBy(() -> golden.check(forecaster));
      points[0] *= 2 / 13f;
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden.check(forecaster))
          .withMessageContaining("cases[0].point[0]");
      GoldenVectors odd =
          new GoldenVectors(
              1e-4,
              List.of(new GoldenVectors.Case(Window.of(new float[] {1, 2, 3}), points, NONE)));
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> odd.check(forecaster))
          .withMessage("golden.json: cases[0].context: expected 26 values, found 3");
    }
  }

  @Test
  void shouldRefuseToleranceThatAllowsAnythingOrNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new GoldenVectors(0, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoldenVectors(1, List.of()))
        .withMessage("must be within (0, 1): relativeTolerance=1.0");
  }

  @Test
  void shouldNameTheFileAndTheKeyThatIsWrong() throws Exception {
    Path file = directory.resolve(GoldenVectors.FILE);
    Files.writeString(
        file, "{\"relativeTolerance\":1e-4,\"cases\":[{\"context\":[1],\"points\":[1]}]}");

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> GoldenVectors.read(file))
        .withMessage(
            file
                + ": unknown key: cases[0].points; known keys here: [series, originMillis,"
                + " stepMillis, context, futureCovariates, point, quantiles]");
  }

  private static GoldenVectors golden(double tolerance, float[] context, float[] point) {
    return new GoldenVectors(
        tolerance, List.of(new GoldenVectors.Case(Window.of(context), point, NONE)));
  }

  private static void check(GoldenVectors golden) {
    try (Forecaster repeatLast = new SeasonalNaive(SPEC, 1)) {
      golden.check(repeatLast);
    }
  }
}
