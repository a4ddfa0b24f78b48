package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.manifest.ModelManifest.Patches.Padding;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.testing.RichModels;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.GuardedForecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasts that are shorter or longer than a model's own. */
class HorizonForecastersTest {

  private static final Map<String, Forecaster> KEPT = new HashMap<>();
  private static final Path ZOO = Path.of(System.getProperty("tidecast.root"), "models", "zoo");

  /** No prediction length of these is a whole day. */
  private static final long STEP = Duration.ofMinutes(20).toMillis();

  /** The month ends within the first forecast of a day. */
  private static final long ORIGIN = Instant.parse("2000-08-31T15:00:00Z").toEpochMilli();

  static Stream<Named<Supplier<ModelBundle>>> rollingOut() {
    return Stream.of(
        Named.of("one channel", TestModels::patchTst),
        Named.of("two channels", TestModels::meanOverTime),
        Named.of("patches", () -> TestModels.patches(Padding.LEFT, true, -1)),
        Named.of("left padding", TestModels::meanOfKnown),
        Named.of("channels in another order, calendar, noise", RichModels::wander),
        Named.of("calendar of the context", () -> zoo("timexer-uk-demand")),
        Named.of("calendar of both", () -> zoo("informer-uk-demand")));
  }

  private static ModelBundle zoo(String model) {
    return ModelBundle.read(ZOO.resolve(model).resolve("1"));
  }

  /** A forecaster that the test closes; the model itself is opened once for all tests. */
  private static Forecaster shared(ModelBundle bundle) {
    return new Borrowed(
        KEPT.computeIfAbsent(
            bundle.manifest().id(), id -> OnnxForecaster.open(bundle, OnnxOptions.defaults())));
  }

  @AfterAll
  static void closeKept() {
    KEPT.values().forEach(Forecaster::close);
    KEPT.clear();
  }

  /** Three windows at once against each by itself, written out. */
  @ParameterizedTest
  @MethodSource("rollingOut")
  void shouldGoOnFromItsOwnForecasts(Supplier<ModelBundle> model) {
    ModelBundle bundle = model.get();
    int own = bundle.manifest().predictionLength();
    int horizon = 2 * own + Math.max(1, own / 3);
    ModelBundle rolling = TestModels.rollingOut(bundle, horizon + 1);
    try (Forecaster single = shared(bundle);
        Forecaster longer =
            HorizonForecasters.of(shared(bundle), rolling.manifest().spec(horizon))) {
      WindowBatch windows = new WindowBatch(longer.spec(), 3);
      ForecastBatch forecasts = new ForecastBatch(longer.spec(), 4);
      for (int row = 0; row < 3; row++) {
        windows.add(window(longer.spec(), row));
      }

      longer.forecast(windows, forecasts);

      assertThat(longer.spec().horizon()).isEqualTo(horizon);
      float[] points = new float[longer.spec().pointsSize()];
      for (int row = 0; row < 3; row++) {
        forecasts.points(row, points);
        assertThat(points)
            .containsExactly(byHand(single, window(longer.spec(), row), horizon, STEP));
      }
    }
  }

  private static float[] byHand(
      Forecaster model, Window window, int horizon, long originStepMillis) {
    ForecasterSpec spec = model.spec();
    int channels = spec.channels();
    float[] context = window.context().clone();
    float[] all = new float[horizon * channels];
    for (int from = 0; from < horizon; from += spec.predictionLength()) {
      long origin = window.originMillis() + from * originStepMillis;
      float[] points = points(model, new Window(window.series(), origin, STEP, context.clone()));
      System.arraycopy(
          points, 0, all, from * channels, Math.min(points.length, all.length - from * channels));
      float[] longer = Arrays.copyOf(context, context.length + points.length);
      for (int step = 0; step < spec.predictionLength(); step++) {
        for (int i = 0; i < channels; i++) {
          longer[context.length + step * channels + spec.targets().get(i)] =
              points[step * channels + i];
        }
      }
      context = Arrays.copyOfRange(longer, points.length, longer.length);
    }
    return all;
  }

  private static float[] points(Forecaster model, Window window) {
    WindowBatch windows = new WindowBatch(model.spec(), 1);
    ForecastBatch forecasts = new ForecastBatch(model.spec(), 1);
    windows.add(window);
    model.forecast(windows, forecasts);
    float[] points = new float[model.spec().pointsSize()];
    forecasts.points(0, points);
    return points;
  }

  private static Window window(ForecasterSpec spec, int row) {
    Random random = new Random(row);
    float[] context = new float[spec.contextSize()];
    for (int i = 0; i < context.length; i++) {
      double wave = 5000 * Math.sin(i / spec.channels() * Math.PI / 24);
      context[i] = (float) (30_000 + wave + 100 * random.nextGaussian());
    }
    return new Window("series-" + row, ORIGIN + row * STEP, STEP, context);
  }

  @Tag("zoo")
  @ParameterizedTest
  @ValueSource(strings = {"timexer-uk-demand", "informer-uk-demand", "autoformer-uk-demand"})
  void shouldNotStopTheClockOfTheCalendar(String model) {
    ModelBundle bundle = zoo(model);
    ModelManifest rolling = TestModels.rollingOut(bundle, 96).manifest();
    try (Forecaster single = shared(bundle);
        Forecaster longer = HorizonForecasters.of(shared(bundle), rolling.spec(96))) {
      Window window = window(longer.spec(), 0);
      float[] stopped = byHand(single, window, 96, 0);
      float[] points = points(longer, window);
      assertThat(Arrays.copyOf(points, 48)).isEqualTo(Arrays.copyOf(stopped, 48));
      assertThat(points).isNotEqualTo(stopped);
    }
  }

  @Test
  void shouldCutPointsAndQuantiles() {
    ModelBundle bundle = TestModels.withQuantiles();
    try (Forecaster cut = TestModels.open(bundle, 3)) {
      WindowBatch windows = new WindowBatch(cut.spec(), 2);
      windows.add(Window.of(new float[] {1, 2, 3, 4}));
      windows.add(Window.of(new float[] {5, 6, 7, 8}));
      ForecastBatch forecasts = new ForecastBatch(cut.spec(), 2);

      cut.forecast(windows, forecasts);

      float[] points = new float[3];
      float[] quantiles = new float[9];
      forecasts.points(1, points);
      forecasts.quantiles(1, quantiles);
      assertThat(points).containsExactly(5, 6, 7);
      assertThat(quantiles).containsExactly(2.5f, 5, 10, 3, 6, 12, 3.5f, 7, 14);
    }
  }

  /** Its calendar, noise and covariates are those of the whole, so its forecast begins alike. */
  @Test
  void shouldCutWhatIsGivenEveryInput() {
    ModelBundle bundle = RichModels.everyInput();
    float[] context = new float[18];
    Arrays.setAll(new double[18], i -> context[i] = i * i % 7);
    Window window = new Window("a", ORIGIN, STEP, context, new float[] {1, 2, 3, 4});
    try (Forecaster whole = OnnxForecaster.open(bundle, OnnxOptions.defaults());
        Forecaster cut = TestModels.open(bundle, 2)) {
      assertThat(points(cut, window)).containsExactly(Arrays.copyOf(points(whole, window), 4));
    }
  }

  @Test
  void shouldGiveTheModelItselfAtItsOwnHorizon() {
    ModelBundle bundle = TestModels.identity();
    try (Forecaster model = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
      assertThat(HorizonForecasters.of(model, bundle.manifest().spec(4))).isSameAs(model);
    }
  }

  @Test
  void shouldFailAloneWhereTheModelFailsOnItsOwnForecast() {
    ModelBundle bundle = TestModels.rollingOut(TestModels.logarithm(), 12);
    try (Forecaster longer = TestModels.open(bundle, 12)) {
      WindowBatch windows = new WindowBatch(longer.spec(), 2);
      ForecastBatch forecasts = new ForecastBatch(longer.spec(), 2);
      windows.add(Window.of(new float[] {0.5f, 0.5f, 0.5f, 0.5f}));
      windows.add(Window.of(new float[] {1e12f, 1e12f, 1e12f, 1e12f}));

      longer.forecast(windows, forecasts);

      assertThat(forecasts.isFinite(0)).isFalse();
      assertThat(forecasts.isFinite(1)).isTrue();
      float[] points = new float[12];
      forecasts.points(0, points);
      assertThat(points).containsOnly(Float.NaN);
    }
  }

  @Test
  void shouldRepeatTheSeasonAsFarAsTheHorizon() {
    ForecasterSpec spec = TestModels.rollingOut(TestModels.identity(), 9).manifest().spec(7);
    SeasonalNaive naive = new SeasonalNaive(spec, 3);

    assertThat(points(naive, Window.of(new float[] {1, 2, 3, 4})))
        .containsExactly(2, 3, 4, 2, 3, 4, 2);
  }

  @Test
  void shouldRefuseToGoFurtherThanTheManifestSays() {
    ModelManifest silent = TestModels.identity().manifest();
    ModelManifest rolling = TestModels.rollingOut(TestModels.identity(), 9).manifest();

    assertThat(rolling.spec(9).horizon()).isEqualTo(9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> silent.spec(5))
        .withMessage("must be within 1..4, as far as identity/1 reaches: horizon=5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rolling.spec(10))
        .withMessage("must be within 1..9, as far as identity/1 reaches: horizon=10");
    assertThatIllegalArgumentException().isThrownBy(() -> rolling.spec(0));
  }

  @Test
  void shouldComeBackFromItsJson() {
    ModelManifest rolling = TestModels.rollingOut(TestModels.identity(), 9).manifest();

    assertThat(ModelManifest.parse(rolling.toJson())).isEqualTo(rolling);
    assertThat(TestModels.identity().manifest().toJson()).doesNotContain("rollout");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          quantiles | 9 | must be left out unless every channel is forecast, as points, from nothing known ahead: rollout=9
          covariates | 9 | must be left out unless every channel is forecast, as points, from nothing known ahead: rollout=9
          identity | 4 | must be greater than the prediction length 4: rollout=4
          """)
  void shouldRefuseAManifestThatCannotRollOut(String model, int rollout, String message) {
    ModelBundle bundle =
        switch (model) {
          case "quantiles" -> TestModels.withQuantiles();
          case "covariates" -> RichModels.everyInput();
          default -> TestModels.identity();
        };
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> TestModels.rollingOut(bundle, rollout))
        .withMessage("manifest.json: " + message);
  }

  @Test
  void shouldCloseTheModelWithIt() {
    for (int horizon : List.of(2, 9)) {
      ModelBundle bundle = TestModels.rollingOut(TestModels.identity(), 9);
      try (Forecaster model = OnnxForecaster.open(bundle, OnnxOptions.defaults())) {
        Borrowed borrowed = new Borrowed(model);
        HorizonForecasters.of(borrowed, bundle.manifest().spec(horizon)).close();
        assertThat(borrowed.released).isTrue();
      }
    }
  }

  /** Uses a forecaster that is another's to close. */
  private static final class Borrowed extends GuardedForecaster {

    private final Forecaster model;
    private boolean released;

    Borrowed(Forecaster model) {
      super(model.spec());
      this.model = model;
    }

    @Override
    protected void run(WindowBatch windows, ForecastBatch forecasts) {
      model.forecast(windows, forecasts);
    }

    @Override
    protected void release() {
      released = true;
    }
  }
}
