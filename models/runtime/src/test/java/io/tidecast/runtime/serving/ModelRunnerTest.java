package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.runtime.baselines.SeasonalNaive;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.windows.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelRunnerTest {

  private static final float POISON = 666;

  private final RecordedRuns told = new RecordedRuns();
  private final List<Integer> runs = new ArrayList<>();
  private int failuresLeft;
  private long nanos;

  @Test
  void shouldGiveEachWindowItsAnswer() {
    List<Answer> answers = runner(1).answer(windows(1, 2, 3));

    assertThat(runs).containsExactly(3);
    assertThat(told.windows).containsExactly(3);
    assertThat(told.nanos).as("by the clock of the options").containsExactly(7L);
    Answer.Made second = (Answer.Made) answers.get(1);
    assertThat(second.points()).containsExactly(3, 4);
    assertThat(second.quantiles()).isEmpty();
    assertThat(second.by()).isSameAs(((Answer.Made) answers.get(0)).by());
    assertThat(second.by().id()).isEqualTo("last-value");
    assertThat(second.fallback()).isFalse();
  }

  @Test
  void shouldCountWhatWasFilled() {
    Window gaps = Window.of(new float[] {1, Float.NaN, 3, Float.NaN});

    Answer.Made made = (Answer.Made) runner(1).answer(List.of(gaps)).get(0);

    assertThat(made.filledCells()).isEqualTo(2);
    assertThat(made.points()).containsExactly(4, 5);
  }

  @Test
  void shouldTryEachWindowAloneWhenABatchFails() {
    failuresLeft = 1;

    List<Answer> answers = runner(1).answer(windows(1, 2));

    assertThat(runs).containsExactly(2, 1, 1);
    assertThat(told.failures).hasSize(1);
    assertThat(told.windows).containsExactly(1, 1);
    assertThat(answers).allMatch(answer -> !((Answer.Made) answer).fallback());
  }

  @Test
  void shouldFailForTheWindowAloneThatFails() {
    List<Answer> answers = runner(1).answer(windows(1, POISON, 3));

    assertThat(answers)
        .extracting(Answer.Made.class::isInstance)
        .containsExactly(true, false, true);
  }

  @Test
  void shouldAnswerInTheModelsPlaceWhereAsked() {
    BaselineAnswers baseline = new BaselineAnswers(new SeasonalNaive(LastValueModel.SPEC, 2));

    Answer.Made made = baseline.answer(windows(POISON).get(0));

    assertThat(made.points()).as("a season of two").containsExactly(20, POISON);
    assertThat(made.by().id()).isEqualTo("seasonal-naive");
    assertThat(made.fallback()).isTrue();
  }

  @Test
  void shouldSayWhyThereIsNoForecast() {
    Answer answer = runner(2).answer(windows(POISON)).get(0);

    assertThat(runs).containsExactly(1, 1, 1);
    assertThat(told.failures).hasSize(3);
    assertThat(answer)
        .isEqualTo(
            new Answer.Failed(
                "model must answer, it failed: " + new ModelException("no such number")));
  }

  @Test
  void shouldNotTryAgainWithoutRetries() {
    List<Answer> answers = runner(0).answer(windows(1, POISON));

    assertThat(runs).containsExactly(2);
    assertThat(answers).allMatch(Answer.Failed.class::isInstance);
  }

  @Test
  void shouldTakeAnAnswerThatIsNotFiniteForAFailure() {
    Answer answer = runner(1).answer(windows(Float.MAX_VALUE)).get(0);

    assertThat(runs).as("it would answer the same again").containsExactly(1);
    assertThat(answer).isEqualTo(new Answer.Failed("model must answer finite numbers, it did not"));
  }

  @Test
  void shouldNotAnswerForAnError() {
    LastValueModel model =
        new LastValueModel(
            last -> {
              throw new AssertionError("injected");
            });
    ModelRunner runner = new ModelRunner(model, options(3), told);

    assertThatThrownBy(() -> runner.answer(windows(1))).isInstanceOf(AssertionError.class);
    assertThat(told.failures).isEmpty();
  }

  private ModelRunner runner(int retries) {
    LastValueModel model =
        new LastValueModel(
            last -> {
              runs.add(last.length);
              if (failuresLeft-- > 0) {
                throw new ModelException("not now");
              }
              for (float value : last) {
                if (value == POISON) {
                  throw new ModelException("no such number");
                }
              }
            });
    return new ModelRunner(model, options(retries), told);
  }

  private ServingOptions options(int retries) {
    return ServingOptions.builder()
        .maxBatchSize(8)
        .retries(retries)
        .nanoClock(() -> nanos += 7)
        .build();
  }

  /** Contexts that end with a value. */
  static List<Window> windows(float... last) {
    List<Window> windows = new ArrayList<>();
    for (float value : last) {
      windows.add(Window.of(new float[] {10, 11, 20, value}));
    }
    return windows;
  }
}
