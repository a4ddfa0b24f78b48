package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelManifest;
import io.tidecast.runtime.testing.TestModels;
import io.tidecast.runtime.windows.Forecaster;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows that are told from a base, as a job makes them of values near 1e9. */
class LargeLevelsTest {

  private static final Window NEAR_1E9 =
      new Window(
          "s", 0, 1_000, new float[] {0.25f, 0.5f, 0.75f, 1}, new float[0], new double[] {1e9});

  @Test
  void shouldGiveDistancesToAModelThatMovesWithThem() {
    Answer.Made made = answer(TestModels.identity(), 4, NEAR_1E9);
    assertThat(made.bases()).containsExactly(1e9);
    assertThat(made.points()).containsExactly(0.25f, 0.5f, 0.75f, 1);
  }

  @Test
  void shouldGiveValuesToAModelThatDoesNot() {
    Answer.Made made = answer(told(TestModels.identity()), 4, NEAR_1E9);
    assertThat(made.bases()).isEmpty();
    assertThat(made.points()).containsOnly(1e9f);
  }

  @Test
  void shouldTellForecastsOfAnotherHorizonFromTheSameBase() {
    assertThat(answer(TestModels.identity(), 2, NEAR_1E9).bases()).containsExactly(1e9);
    Answer.Made rolled = answer(TestModels.rollingOut(TestModels.identity(), 6), 6, NEAR_1E9);
    assertThat(rolled.bases()).containsExactly(1e9);
    assertThat(rolled.points()).containsExactly(0.25f, 0.5f, 0.75f, 1, 0.25f, 0.5f);
  }

  @Test
  void shouldLetTheBaselineRepeatWhatThereIsWhateverTheModel() {
    try (Forecaster baseline = new SeasonalNaive(TestModels.identity().manifest().spec(), 2)) {
      Answer.Made made = new BaselineAnswers(baseline).answer(NEAR_1E9);
      assertThat(made.bases()).containsExactly(1e9);
      assertThat(made.points()).containsExactly(0.75f, 1, 0.75f, 1);
    }
  }

  private static ModelBundle told(ModelBundle model) {
    String json =
        model
            .manifest()
            .toJson()
            .replace("\"inputs\" : ", "\"shiftEquivariant\" : false, \"inputs\" : ");
    return new ModelBundle(ModelManifest.parse(json), model.graph(), model.golden());
  }

  private static Answer.Made answer(ModelBundle bundle, int horizon, Window window) {
    ServingOptions options =
        ServingOptions.builder().maxBatchSize(2).timeout(Duration.ofSeconds(30)).build();
    try (Forecaster model = TestModels.open(bundle, horizon)) {
      ModelRunner runner = new ModelRunner(model, options, new RecordedRuns());
      return (Answer.Made) runner.answer(List.of(window, window)).get(1);
    }
  }
}
