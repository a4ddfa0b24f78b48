package io.tidecast.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.runtime.bundle.GoldenVectors;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.CalendarFeature;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.TensorRole;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are given more than the context, from the manifest to the forecast. */
class RichModelsTest {

  private static final long STEP = Duration.ofHours(1).toMillis();
  private static final long ORIGIN = Instant.parse("2024-02-29T11:00:00Z").toEpochMilli();
  private static final Window WINDOW =
      new Window(
          "a",
          ORIGIN,
          STEP,
          new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18},
          new float[] {-1, 1, -2, 2});

  @Test
  void shouldSayWhatAModelIsGiven() {
    ForecasterSpec spec = RichModels.everyInput().manifest().spec();

    List<CalendarFeature> features =
        List.of(CalendarFeature.HOUR_OF_DAY, CalendarFeature.DAY_OF_WEEK);
    assertThat(spec.targets()).containsExactly(2, 0);
    assertThat(spec.inputs()).isEqualTo(new ForecasterInputs(1, features, features, 12));
    assertThat(RichModels.calendarAndNoise().manifest().spec().inputs())
        .isEqualTo(new ForecasterInputs(0, List.of(), features, 20));
  }

  /** The tests of the job cannot make a graph of their own. */
  @Test
  void shouldBeTheModelsThatTheJobIsTestedWith() {
    Path root = Path.of(System.getProperty("tidecast.root"));
    Path stored = root.resolve("flink-jobs/src/test/resources/io/tidecast/flink");

    for (ModelBundle model :
        List.of(
            RichModels.calendarAndNoise(), RichModels.everyInput(), RichModels.jointQuantiles())) {
      assertThat(ModelBundle.read(stored.resolve(model.manifest().id())).manifest())
          .isEqualTo(model.manifest());
    }
  }

  @Test
  void shouldFeedEachInputWithItsOwn() {
    ModelBundle bundle = RichModels.everyInput();
    ForecasterSpec spec = bundle.manifest().spec();
    WindowBatch windows = new WindowBatch(spec, 1);
    windows.add(WINDOW);
    double[] expected = new double[spec.pointsSize()];
    for (TensorRole role : TensorRole.values()) {
      float[] values = new float[role.isInput() ? spec.size(role) : 0];
      windows.input(role, 0, values);
      for (int from = 0; from < values.length; from++) {
        for (int to = 0; to < expected.length; to++) {
          expected[to] += values[from] * RichModels.weight(role, from, to);
        }
      }
    }

    try (Forecaster forecaster = open(bundle)) {
      float[] points = points(forecaster, windows);
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) points[i]).isCloseTo(expected[i], within(1e-4));
      }
    }
  }

  @Test
  void shouldGiveQuantilesOfEachTargetOfAJointModel() {
    try (Forecaster forecaster = open(RichModels.jointQuantiles())) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 2);
      windows.add(Window.of(new float[12]));
      windows.add(Window.of(Arrays.copyOf(WINDOW.context(), 12)));
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 2);

      forecaster.forecast(windows, forecasts);

      float[] points = new float[8];
      float[] quantiles = new float[24];
      forecasts.points(1, points);
      forecasts.quantiles(1, quantiles);
      assertThat(points).containsExactly(12, 11, 13, 12, 14, 13, 15, 14);
      assertThat(quantiles)
          .startsWith(11, 12, 13, 1, 11, 21, 12, 13, 14, 2, 12, 22)
          .endsWith(14, 15, 16, 4, 14, 24);
    }
  }

  @Test
  void shouldMeasureHowWindowsOfEveryInputShareARun() {
    assertThat(sharing(RichModels.everyInputOtherWhenAlone())).isEqualTo(RunSharing.PAIRED);
    assertThat(sharing(RichModels.everyInputOneWindowARun())).isEqualTo(RunSharing.ALONE);
  }

  @Test
  void shouldLeaveSamplesToOthers() {
    ModelBundle bundle = RichModels.calendarAndNoise();
    try (Forecaster forecaster = open(bundle)) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      windows.add(new Window("a", ORIGIN, STEP, Arrays.copyOf(WINDOW.context(), 12)));
      float[] noise = new float[20];
      windows.input(TensorRole.NOISE, 0, noise);

      float[] points = points(forecaster, windows);

      for (int step = 0; step < 4; step++) {
        double mean = 0;
        for (int sample = 0; sample < 5; sample++) {
          mean += noise[sample * 4 + step] / 5.0;
        }
        double hour = (12 + step) / 23.0 - 0.5;
        assertThat((double) points[step]).isCloseTo(12 + hour + mean, within(1e-5));
      }
    }
  }

  @Test
  void shouldHoldItsGoldenVectorsAgainstEverything(@TempDir Path directory) {
    ModelBundle bundle = RichModels.calendarAndNoise();
    Window window = new Window("a", ORIGIN, STEP, Arrays.copyOf(WINDOW.context(), 12));
    Path file = directory.resolve(GoldenVectors.FILE);
    try (Forecaster forecaster = open(bundle)) {
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      forecaster.forecast(batch(forecaster.spec(), window), forecasts);
      float[] point = new float[4];
      float[] quantiles = new float[12];
      forecasts.points(0, point);
      forecasts.quantiles(0, quantiles);
      golden(window, point, quantiles).write(file);
      GoldenVectors.read(file).check(forecaster);

      Window other = new Window("b", ORIGIN, STEP, window.context());
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden(other, point, quantiles).check(forecaster))
          .withMessageContaining("cases[0].point[0]: expected ");
      quantiles[7] += 1;
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden(window, point, quantiles).check(forecaster))
          .withMessageContaining("cases[0].quantiles[7]: expected ");
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden(window, point, new float[5]).check(forecaster))
          .withMessage("golden.json: cases[0].quantiles: expected 12 values, found 5");
    }
  }

  @Test
  void shouldAskGoldenVectorsForWhatTheModelIsGiven() {
    try (Forecaster forecaster = open(RichModels.everyInput())) {
      Window without = new Window("a", ORIGIN, STEP, WINDOW.context());
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden(without, new float[8], new float[0]).check(forecaster))
          .withMessage("golden.json: cases[0].futureCovariates: expected 4 values, found 0");
      Window still = new Window("a", ORIGIN, 0, WINDOW.context(), WINDOW.futureCovariates());
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> golden(still, new float[8], new float[0]).check(forecaster))
          .withMessage("golden.json: cases[0]: must be positive: stepMillis=0");
    }
  }

  @Test
  void shouldRefuseBatchesOfOtherInputsTargetsOrNoise() {
    ForecasterSpec spec = RichModels.everyInput().manifest().spec();
    ForecasterSpec otherModel = spec("other", spec.targets(), spec.inputs());
    ForecasterSpec otherInputs = spec(spec.id(), spec.targets(), ForecasterInputs.NONE);
    ForecasterSpec otherTargets = spec(spec.id(), List.of(0, 2), spec.inputs());
    try (Forecaster forecaster = open(RichModels.everyInput())) {
      assertGeometry(forecaster, otherModel, spec);
      assertGeometry(forecaster, otherInputs, spec);
      assertGeometry(forecaster, spec, otherTargets);
      forecaster.forecast(new WindowBatch(otherTargets, 1), new ForecastBatch(otherModel, 1));
    }
  }

  private static void assertGeometry(
      Forecaster forecaster, ForecasterSpec windows, ForecasterSpec forecasts) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> forecaster.forecast(new WindowBatch(windows, 1), new ForecastBatch(forecasts, 1)))
        .withMessageStartingWith("batches must have the geometry of ");
  }

  private static ForecasterSpec spec(String id, List<Integer> targets, ForecasterInputs inputs) {
    return new ForecasterSpec(id, "1", 6, 4, 3, targets, inputs, List.of());
  }

  private static GoldenVectors golden(Window window, float[] point, float[] quantiles) {
    return new GoldenVectors(1e-5, List.of(new GoldenVectors.Case(window, point, quantiles)));
  }

  private static WindowBatch batch(ForecasterSpec spec, Window window) {
    WindowBatch windows = new WindowBatch(spec, 1);
    windows.add(window);
    return windows;
  }

  private static float[] points(Forecaster forecaster, WindowBatch windows) {
    ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
    forecaster.forecast(windows, forecasts);
    float[] points = new float[forecaster.spec().pointsSize()];
    forecasts.points(0, points);
    return points;
  }

  private static RunSharing sharing(ModelBundle bundle) {
    try (OnnxForecaster forecaster = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      return forecaster.sharing();
    }
  }

  private static Forecaster open(ModelBundle bundle) {
    return OnnxForecaster.open(bundle, OnnxOptions.defaults());
  }
}
