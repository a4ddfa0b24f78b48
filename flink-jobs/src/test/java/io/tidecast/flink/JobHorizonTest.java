package io.tidecast.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.inference.InferenceOptions;
import io.tidecast.flink.inference.InferenceSettings;
import io.tidecast.flink.inference.OnFailure;
import io.tidecast.flink.inference.TestingInference;
import io.tidecast.flink.model.ForecasterFactory;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.sink.record.ForecastRecords;
import io.tidecast.flink.sink.record.WrittenRecords;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.schemas.AvroCodec;
import io.tidecast.schemas.Forecast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that ask for another horizon than the model's 48 half hours. */
class JobHorizonTest {

  private static final ForecastRecords RECORDS =
      new ForecastRecords(
          WrittenRecords.sink("out"), GridStep.fixed(Duration.ofMinutes(30)), new double[0]);

  private static final Path ZOO = Path.of(System.getProperty("tidecast.root"), "models", "zoo");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 48, 100})
  void shouldForecastAsFarAsItIsAsked(int horizon) throws Exception {
    JobConfig config = config(rollingOut(100), horizon);
    ForecasterFactory model = ForecastJob.model(config);

    try (Forecaster forecaster = model.open()) {
      IssuedForecast issued = answer(forecaster);

      assertThat(issued.fallback()).isFalse();
      assertThat(issued.issuer().modelId()).isEqualTo("patchtst-uk-demand");
      assertThat(record(issued).getHorizon()).isEqualTo(horizon);
      assertThat(record(issued).getPoints()).hasSize(horizon);
    }
  }

  @Test
  void shouldBeginAlikeHoweverFarItReaches() throws Exception {
    float[] shorter = points(config(rollingOut(100), 10));
    float[] whole = points(config(rollingOut(100), 48));
    float[] longer = points(config(rollingOut(100), 100));

    assertThat(shorter).containsExactly(Arrays.copyOf(whole, 10));
    assertThat(whole).containsExactly(Arrays.copyOf(longer, 48));
  }

  private static float[] points(JobConfig config) {
    try (Forecaster forecaster = ForecastJob.model(config).open()) {
      return answer(forecaster).points();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100})
  void shouldFallBackOnABaselineOfThatHorizon(int horizon) throws Exception {
    ForecasterFactory model = ForecastJob.model(config(rollingOut(100), horizon));

    IssuedForecast issued =
        TestingInference.failed(model.spec(), options(true, 48), request()).accepted();

    assertThat(issued.fallback()).isTrue();
    assertThat(record(issued).getHorizon()).isEqualTo(horizon);
    float[] context = request().context();
    float[] expected = new float[horizon];
    for (int i = 0; i < horizon; i++) {
      expected[i] = context[context.length - 48 + i % 48];
    }
    assertThat(issued.points()).containsExactly(expected);
  }

  /** As after a restore with a shorter horizon: what was asked for before is cut too. */
  @Test
  void shouldAnswerAsFarAsItReachesWhereMoreWasAskedFor() throws Exception {
    ForecasterFactory model = ForecastJob.model(config(rollingOut(100), 10));

    IssuedForecast issued =
        TestingInference.failed(model.spec(), options(true, 48), request().upTo(48)).accepted();

    assertThat(record(issued).getHorizon()).isEqualTo(10);
    assertThat(record(issued).getPoints()).hasSize(10);
  }

  @Test
  void shouldCutQuantilesToo() throws Exception {
    ForecasterFactory model = ForecastJob.model(config(ZOO.resolve("sundial-uk-demand/1"), 5));
    try (Forecaster forecaster = model.open()) {
      IssuedForecast issued = answer(forecaster);

      assertThat(issued.points()).hasSize(5);
      assertThat(record(issued).getQuantiles()).hasSize(5 * 9);
    }
  }

  @Test
  void shouldRefuseALongerHorizonThanTheManifestDeclares() throws IOException {
    assertThat(problems(config(ZOO.resolve("patchtst-uk-demand/1"), 49)))
        .containsExactly(
            "must be within 1..48, its prediction length, since its manifest declares no rollout:"
                + " model.horizon=49");
    assertThat(problems(config(rollingOut(100), 101)))
        .containsExactly(
            "must be within 1..100, the rollout that its manifest declares: model.horizon=101");
  }

  private static List<String> problems(JobConfig config) {
    return catchThrowableOfType(ConfigException.class, () -> ForecastJob.model(config)).problems();
  }

  @Test
  void shouldRefuseAModelOfTheCallersThatReachesElsewhere() {
    JobConfig config = Samples.config("model: {path: nowhere, horizon: 3}");

    assertThat(ModelFit.horizonProblems(config, Samples.SPEC))
        .containsExactly("must be the model's 2: model.horizon=3");
    assertThat(ModelFit.horizonProblems(Samples.config(), Samples.SPEC)).isEmpty();
  }

  private static JobConfig config(Path model, int horizon) {
    return Samples.config(
        "model: {path: %s, horizon: %d}".formatted(model, horizon), "series: {step: 30min}");
  }

  /** The shipped model, allowed to go on from its own forecasts. */
  private Path rollingOut(int rollout) throws IOException {
    Path shipped = ZOO.resolve("patchtst-uk-demand/1");
    for (String file : List.of("model.onnx", "golden.json", "manifest.json")) {
      Files.write(folder.resolve(file), Files.readAllBytes(shipped.resolve(file)));
    }
    Path manifest = folder.resolve("manifest.json");
    String declared = "\"rollout\" : %d, \"step\"".formatted(rollout);
    Files.writeString(manifest, Files.readString(manifest).replace("\"step\"", declared));
    return folder;
  }

  private static IssuedForecast answer(Forecaster forecaster) {
    return new TestingInference(forecaster, options(false, 1))
        .forecast(List.of(request()))
        .get(0)
        .accepted();
  }

  private static InferenceOptions options(boolean fallback, int seasonSteps) {
    return new InferenceOptions(
        new InferenceSettings(
            4, fallback ? OnFailure.FALLBACK : OnFailure.DEAD_LETTER, 0, Duration.ofSeconds(30)),
        Samples.GRID_STEP,
        seasonSteps);
  }

  private static ForecastTask request() {
    float[] context = new float[336];
    for (int i = 0; i < context.length; i++) {
      context[i] = (float) (30_000 + 5_000 * Math.sin(i * Math.PI / 24) + i % 7);
    }
    return new ForecastTask("demand", Samples.NOW, context, 0, 0);
  }

  private static Forecast record(IssuedForecast issued) throws Exception {
    return AvroCodec.forecasts()
        .decode(WrittenRecords.of(RECORDS, new TestingMetrics(), issued).get(0).value());
  }
}
