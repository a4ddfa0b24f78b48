package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingMetrics;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.schemas.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InferenceTest {

  private static final float POISON = 666;

  /** The testing model doubles it to infinity. */
  private static final float HUGE = Float.MAX_VALUE;

  private final List<Integer> runs = new ArrayList<>();
  private final TestingMetrics metrics = new TestingMetrics();
  private int failuresLeft;

  @Test
  void shouldGiveEachRequestItsForecast() {
    List<TestingInference.Outcome> outcomes = inference(true, 1).forecast(requests(1, 2, 3));

    assertThat(runs).containsExactly(3);
    assertThat(outcomes).extracting(o -> o.accepted().series()).containsExactly("s1", "s2", "s3");
    IssuedForecast second = outcomes.get(1).accepted();
    assertThat(second.points()).containsExactly(3, 4);
    assertThat(second.quantiles()).isEmpty();
    assertThat(second.issuer().modelId()).isEqualTo("testing");
    assertThat(second.issuer().modelVersion()).isEqualTo("7");
    assertThat(second.issuer()).as("one for all").isSameAs(outcomes.get(0).accepted().issuer());
    assertThat(second.originMillis()).isEqualTo(2_000);
    assertThat(second.issuedAtMillis()).isEqualTo(Samples.NOW);
    assertThat(second.fallback()).isFalse();
  }

  @Test
  void shouldCountWhatWasFilled() {
    ForecastTask gaps = new ForecastTask("a", 0, new float[] {1, Float.NaN, 3, Float.NaN}, 0, 0);
    IssuedForecast forecast = inference(true, 1).forecast(List.of(gaps)).get(0).accepted();
    assertThat(forecast.filledCells()).isEqualTo(2);
    assertThat(forecast.points()).containsExactly(4, 5);
  }

  @Test
  void shouldCountWhatWasFilledBefore() {
    ForecastTask filled = new ForecastTask("a", 0, new float[] {1, 2, 3, Float.NaN}, 2, 5);
    IssuedForecast forecast = inference(true, 1).forecast(List.of(filled)).get(0).accepted();
    assertThat(forecast.filledCells()).isEqualTo(3);
    assertThat(forecast.revision()).isEqualTo(5);
    failuresLeft = 2;
    IssuedForecast fallback = inference(true, 1).forecast(List.of(filled)).get(0).accepted();
    assertThat(fallback.fallback()).isTrue();
    assertThat(fallback.filledCells()).isEqualTo(3);
    assertThat(fallback.revision()).isEqualTo(5);
  }

  @Test
  void shouldTryEachWindowAloneWhenABatchFails() {
    failuresLeft = 1;
    List<TestingInference.Outcome> outcomes = inference(true, 1).forecast(requests(1, 2));
    assertThat(runs).containsExactly(2, 1, 1);
    assertThat(metrics.count("tidecast.failedRuns")).isEqualTo(1);
    assertThat(metrics.histogram("tidecast.batchSizeWindows").getCount()).isEqualTo(2);
    assertThat(metrics.histogram("tidecast.runMicros").getCount()).isEqualTo(2);
    assertThat(outcomes).noneMatch(o -> o.accepted().fallback());
  }

  @Test
  void shouldAnswerWithTheBaselineOnlyForTheWindowThatFails() {
    List<TestingInference.Outcome> outcomes = inference(true, 1).forecast(requests(1, POISON, 3));
    assertThat(outcomes)
        .extracting(o -> o.accepted().fallback())
        .containsExactly(false, true, false);
    IssuedForecast fallback = outcomes.get(1).accepted();
    assertThat(fallback.points()).as("a season of two").containsExactly(20, POISON);
    assertThat(fallback.issuer().modelId()).isEqualTo("seasonal-naive");
    assertThat(fallback.originMillis()).isEqualTo((long) POISON * 1_000);
  }

  @Test
  void shouldMakeADeadLetterWhenToldSo() {
    TestingInference.Outcome outcome = inference(false, 2).forecast(requests(POISON)).get(0);
    assertThat(runs).containsExactly(1, 1, 1);
    assertThat(outcome.accepted()).isNull();
    assertThat(outcome.rejection().code()).isEqualTo(ErrorCode.INFERENCE_FAILED);
    assertThat(outcome.rejection().series()).isEqualTo("s666");
    assertThat(outcome.rejection().timeMillis()).isEqualTo(666_000);
    assertThat(outcome.rejection().detail()).contains("no such number");
  }

  @Test
  void shouldNotTryAgainWithoutRetries() {
    List<TestingInference.Outcome> outcomes = inference(true, 0).forecast(requests(1, POISON));
    assertThat(runs).containsExactly(2);
    assertThat(outcomes).allMatch(o -> o.accepted().fallback());
  }

  @Test
  void shouldTakeAnAnswerThatIsNotFiniteForAFailure() {
    ForecastTask huge = new ForecastTask("a", 0, new float[] {1, 2, 3, HUGE}, 0, 0);
    TestingInference.Outcome outcome = inference(true, 1).forecast(List.of(huge)).get(0);
    assertThat(runs).as("it would answer the same again").containsExactly(1);
    assertThat(outcome.accepted().fallback()).isTrue();
    assertThat(outcome.accepted().points()).containsExactly(3, HUGE);
  }

  @Test
  void shouldNotAnswerForAnError() {
    TestingInference inference =
        inference(
            new TestingModel(
                    w -> {
                      throw new AssertionError("injected");
                    })
                .open(),
            true,
            3);
    assertThatThrownBy(() -> inference.forecast(requests(1))).isInstanceOf(AssertionError.class);
  }

  private TestingInference inference(boolean fallback, int retries) {
    TestingModel model =
        new TestingModel(
            windows -> {
              runs.add(windows.size());
              if (failuresLeft-- > 0 || TestingModel.endsWith(windows, POISON)) {
                throw new ModelException("no such number");
              }
            });
    return inference(model.open(), fallback, retries);
  }

  private TestingInference inference(Forecaster model, boolean fallback, int retries) {
    InferenceOptions options =
        new InferenceOptions(
            new InferenceSettings(
                8,
                fallback ? OnFailure.FALLBACK : OnFailure.DEAD_LETTER,
                retries,
                Duration.ofSeconds(1)),
            Samples.GRID_STEP,
            2);
    return new TestingInference(model, options, metrics);
  }

  /** Contexts that end with a value; series and origin say which. */
  static List<ForecastTask> requests(float... last) {
    List<ForecastTask> requests = new ArrayList<>();
    for (float value : last) {
      requests.add(
          new ForecastTask(
              "s" + (int) value, (long) value * 1_000, new float[] {10, 11, 20, value}, 0, 0));
    }
    return requests;
  }
}
