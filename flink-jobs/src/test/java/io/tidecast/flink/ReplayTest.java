package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.inference.ForecastHarness;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.inference.TestingInference;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.model.SharedOnnxModel;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.windows.ForecastBatch;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import io.tidecast.runtime.windows.WindowBatch;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model that is given the calendar and noise answers a replay with what it answered before. */
@Timeout(60)
class ReplayTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long STEP = Duration.ofHours(1).toMillis();
  private static final long START = Instant.parse("2024-02-29T20:00:00Z").toEpochMilli();

  /** Three series, four origins each. */
  private static final List<ForecastTask> REQUESTS = requests();

  private static ForecasterFactory model;

  /** What the model gives each window by itself. */
  private static Map<String, String> expected;

  @BeforeAll
  static void forecastEachAlone() throws URISyntaxException {
    Path folder = Path.of(ReplayTest.class.getResource("calendar-and-noise").toURI());
    model = new SharedOnnxModel(ModelBundle.read(folder), OnnxOptions.defaults(), 4);
    expected = new TreeMap<>();
    try (Forecaster forecaster = model.open()) {
      WindowBatch windows = new WindowBatch(forecaster.spec(), 1);
      ForecastBatch forecasts = new ForecastBatch(forecaster.spec(), 1);
      float[] points = new float[forecaster.spec().pointsSize()];
      float[] quantiles = new float[forecaster.spec().quantilesSize()];
      for (ForecastTask request : REQUESTS) {
        windows.clear();
        windows.add(new Window(request.series(), request.originMillis(), STEP, request.context()));
        forecaster.forecast(windows, forecasts);
        forecasts.points(0, points);
        forecasts.quantiles(0, quantiles);
        expected.put(key(request.series(), request.originMillis()), bytes(points, quantiles));
      }
    }
  }

  @Test
  void shouldAnswerEachWindowInItsOwnWay() {
    assertThat(expected).hasSize(12);
    assertThat(expected.values()).doesNotHaveDuplicates();
  }

  @Test
  void shouldAnswerTheSameInAnyBatch() {
    try (Forecaster forecaster = model.open()) {
      for (int batch : new int[] {12, 5, 1}) {
        TestingInference inference = new TestingInference(forecaster, options(12));
        List<IssuedForecast> forecasts = new ArrayList<>();
        for (int from = 0; from < REQUESTS.size(); from += batch) {
          int to = Math.min(REQUESTS.size(), from + batch);
          inference
              .forecast(REQUESTS.subList(from, to))
              .forEach(outcome -> forecasts.add(outcome.accepted()));
        }
        assertThat(answers(forecasts)).as("batches of %d", batch).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldAnswerTheSameFromOneSubtaskOrTwo() throws Exception {
    List<ForecastTask> some = REQUESTS.stream().filter(r -> r.series().equals("b")).toList();
    List<ForecastTask> others = REQUESTS.stream().filter(r -> !r.series().equals("b")).toList();
    List<IssuedForecast> two = new ArrayList<>(run(2, null, some));
    two.addAll(run(3, null, others));

    assertThat(answers(run(12, null, REQUESTS))).isEqualTo(expected);
    assertThat(answers(two)).isEqualTo(expected);
  }

  @Test
  void shouldAnswerTheSameAfterARestore() throws Exception {
    OperatorSubtaskState underWay;
    try (ForecastHarness harness = ForecastHarness.start(model, options(4), null)) {
      harness.process(REQUESTS);
      underWay = harness.snapshot();
    }

    assertThat(answers(run(5, underWay, REQUESTS))).isEqualTo(expected);
  }

  private static List<IssuedForecast> run(
      int maxBatchSize, OperatorSubtaskState snapshot, List<ForecastTask> requests)
      throws Exception {
    try (ForecastHarness harness = ForecastHarness.start(model, options(maxBatchSize), snapshot)) {
      harness.process(requests);
      harness.end();
      return harness.forecasts();
    }
  }

  private static InferenceOptions options(int maxBatchSize) {
    return new InferenceOptions(
        new InferenceSettings(maxBatchSize, OnFailure.DEAD_LETTER, 0, TIMEOUT),
        GridStep.fixed(Duration.ofMillis(STEP)),
        1);
  }

  /** Each window once, however often it was answered; the same every time. */
  private static Map<String, String> answers(List<IssuedForecast> forecasts) {
    Map<String, String> answers = new TreeMap<>();
    for (IssuedForecast forecast : forecasts) {
      String answer = bytes(forecast.points(), forecast.quantiles());
      String before = answers.put(key(forecast.series(), forecast.originMillis()), answer);
      assertThat(before == null ? answer : before).isEqualTo(answer);
    }
    return answers;
  }

  private static String key(String series, long originMillis) {
    return series + " " + Instant.ofEpochMilli(originMillis);
  }

  /** Floats print with every bit. */
  private static String bytes(float[] points, float[] quantiles) {
    return Arrays.toString(points) + Arrays.toString(quantiles);
  }

  private static List<ForecastTask> requests() {
    List<ForecastTask> requests = new ArrayList<>();
    for (int origin = 0; origin < 4; origin++) {
      for (String series : List.of("a", "b", "c")) {
        float[] context = new float[12];
        Arrays.fill(context, 7);
        requests.add(new ForecastTask(series, START + origin * STEP, context, 0, 0));
      }
    }
    return requests;
  }
}
