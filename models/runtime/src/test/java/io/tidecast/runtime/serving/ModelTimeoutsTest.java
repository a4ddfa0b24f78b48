package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.windows.ForecastStoppedException;
import io.tidecast.runtime.windows.ModelTimeoutException;
import io.tidecast.runtime.windows.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelTimeoutsTest {

  /** The model takes too long for this value and every greater one. */
  private static final float HANGS = 600;

  private final RecordedRuns told = new RecordedRuns();
  private final List<String> runs = new ArrayList<>();
  private boolean hangsForAll;
  private int tooMany = Integer.MAX_VALUE;
  private long nanos;

  @Test
  void shouldAnswerForNoWindowButTheOneThatHangs() {
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);

    assertThat(answers(runner, 1, 666, 3)).containsExactly("2.0", "none", "4.0");
    assertThat(runs).containsExactly("1 666 3", "1", "666", "3");
    assertThat(told.timeouts).containsExactly("3 over PT10S", "1 over PT2.5S", "s666 rests PT1M");
    assertThat(runner.answer(windows(1, 666)).get(1))
        .isEqualTo(new Answer.Failed(SuspectSeries.WHY));
  }

  @Test
  void shouldLetASuspectCostItsNeighboursNothing() {
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);
    answers(runner, 1, 666, 3);
    runs.clear();

    assertThat(answers(runner, 1, 666, 3)).containsExactly("2.0", "none", "4.0");
    assertThat(runs).containsExactly("1 3");

    runs.clear();
    pass(SuspectSeries.FIRST_REST);
    assertThat(answers(runner, 666, 1, 3)).containsExactly("none", "2.0", "4.0");
    assertThat(runs).containsExactly("1 3", "666");
    assertThat(told.timeouts).endsWith("s666 rests PT2M");
  }

  @Test
  void shouldForgetASuspectThatAnswers() {
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);
    answers(runner, 1, 666);
    pass(SuspectSeries.FIRST_REST);
    runs.clear();

    List<Window> healed = List.of(window("s1", 1), window("s666", 5), window("s2", 2));
    assertThat(runner.answer(healed)).noneMatch(Answer.Failed.class::isInstance);
    assertThat(runner.answer(healed)).noneMatch(Answer.Failed.class::isInstance);
    assertThat(runs).containsExactly("1 2", "5", "1 5 2");
  }

  @Test
  void shouldRunSmallerBatchesWhereNoneOfTheWindowsHangs() {
    tooMany = 5;
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);

    assertThat(answers(runner, 1, 2, 3, 4, 5, 6)).doesNotContain("none");
    assertThat(told.timeouts).containsExactly("6 over PT10S", "6 is too many, at most 3");

    runs.clear();
    assertThat(answers(runner, 1, 2, 3, 4, 5, 6, 7))
        .containsExactly("2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0");
    assertThat(runs).containsExactly("1 2 3", "4 5 6", "7");
  }

  @Test
  void shouldBoundTheTimeInWhichItLooksForWindowsThatHang() {
    float[] all = new float[64];
    for (int i = 0; i < all.length; i++) {
      all[i] = HANGS + i;
    }

    assertThat(answers(runner(OnTimeouts.GIVE_UP), all)).containsOnly("none");
    assertThat(runs).as("the batch, and two limits of a batch in quarters").hasSize(1 + 8);
  }

  @Test
  void shouldGiveUpAModelThatAnswersNobodyAndTryItAgainLater() {
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);
    hangsForAll = true;
    IntStream.range(0, 3).forEach(i -> assertThat(answers(runner, i)).containsOnly("none"));
    assertThat(runner.givenUp()).isTrue();
    assertThat(told.timeouts).endsWith("gave up after 3 for PT10M");

    runs.clear();
    assertThat(runner.answer(windows(10, 11))).containsOnly(new Answer.Failed(Endurance.WHY));
    assertThat(runs).isEmpty();

    pass(Endurance.REST);
    assertThat(answers(runner, 12)).containsExactly("none");
    assertThat(runs).containsExactly("12");
    assertThat(answers(runner, 13)).containsExactly("none");
    assertThat(runs).as("it rests again").hasSize(1);

    pass(Endurance.REST);
    hangsForAll = false;
    assertThat(answers(runner, 14, 15)).containsExactly("15.0", "16.0");
    assertThat(runner.givenUp()).isFalse();
    assertThat(told.timeouts).endsWith("resumed");
  }

  @Test
  void shouldNotGiveUpAModelThatAnswersOthers() {
    ModelRunner runner = runner(OnTimeouts.GIVE_UP);
    for (int i = 0; i < 20; i++) {
      assertThat(answers(runner, HANGS + i)).containsExactly("none");
      assertThat(answers(runner, i)).doesNotContain("none");
    }
    assertThat(runner.givenUp()).isFalse();
  }

  @Test
  void shouldKeepOrFailAModelWhereToldSo() {
    hangsForAll = true;
    ModelRunner keeping = runner(OnTimeouts.KEEP);
    IntStream.range(0, 9).forEach(i -> answers(keeping, i));
    assertThat(runs).hasSize(9);
    assertThat(keeping.givenUp()).isFalse();

    ModelRunner failing = runner(OnTimeouts.FAIL);
    IntStream.range(0, 2).forEach(i -> answers(failing, i));
    assertThatExceptionOfType(ModelGivenUpException.class)
        .isThrownBy(() -> answers(failing, 2))
        .withMessage(
            "model must answer within 10000 ms, it gave no forecast from 3 batches one after the other");
  }

  @Test
  void shouldGiveASlowModelTheTimeItTakesAlone() {
    Pace pace = new Pace(Duration.ofSeconds(10));
    assertThat(pace.alone()).isEqualTo(Duration.ofMillis(2_500));
    pace.took(1_000_000);
    assertThat(pace.alone()).isEqualTo(Duration.ofSeconds(1));
    pace.took(100_000_000);
    assertThat(pace.alone()).isEqualTo(Duration.ofSeconds(5));
    pace.took(3_000_000_000L);
    assertThat(pace.alone()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldRememberABoundedNumberOfSuspects() {
    SuspectSeries suspects = new SuspectSeries();
    for (int i = 0; i <= SuspectSeries.MOST; i++) {
      suspects.add("s" + i, 0);
    }
    assertThat(suspects.contains("s0")).isFalse();
    assertThat(suspects.contains("s1")).isTrue();
    for (int i = 0; i < 20; i++) {
      suspects.add("s1", 0);
    }
    assertThat(suspects.rests("s1", SuspectSeries.LONGEST_REST.toNanos())).isFalse();
  }

  @Test
  void shouldAnswerNobodyWhenItIsStopped() {
    LastValueModel model =
        new LastValueModel(
            last -> {
              throw new ForecastStoppedException("over");
            });
    ModelRunner runner =
        new ModelRunner(model, FailurePolicy.refusing(), options(OnTimeouts.KEEP), told);
    assertThatExceptionOfType(ForecastStoppedException.class)
        .isThrownBy(() -> runner.answer(windows(1)));
    assertThatExceptionOfType(ForecastStoppedException.class)
        .isThrownBy(() -> runner.answer(windows(1, 2)));
    assertThat(told.failures).isEmpty();
  }

  private ModelRunner runner(OnTimeouts onTimeouts) {
    LastValueModel model =
        new LastValueModel(
            last -> {
              runs.add(text(last));
              boolean hangs = hangsForAll || last.length > tooMany;
              for (float value : last) {
                hangs |= value >= HANGS;
              }
              if (hangs) {
                throw new ModelTimeoutException("too long");
              }
            });
    return new ModelRunner(model, FailurePolicy.refusing(), options(onTimeouts), told);
  }

  private ServingOptions options(OnTimeouts onTimeouts) {
    return ServingOptions.builder()
        .maxBatchSize(64)
        .retries(0)
        .limits(new RunLimits(Duration.ofSeconds(10), onTimeouts, 3))
        .nanoClock(() -> nanos)
        .build();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private static List<String> answers(ModelRunner runner, float... last) {
    return runner.answer(windows(last)).stream()
        .map(a -> a instanceof Answer.Made made ? String.valueOf(made.points()[0]) : "none")
        .toList();
  }

  /** Each is of a series that is called after its last value. */
  private static List<Window> windows(float... last) {
    List<Window> windows = new ArrayList<>();
    for (float value : last) {
      windows.add(window("s" + (int) value, value));
    }
    return windows;
  }

  private static Window window(String series, float last) {
    return new Window(series, 0, 1, new float[] {10, 11, 20, last});
  }

  private static String text(float[] values) {
    StringBuilder text = new StringBuilder();
    for (float value : values) {
      text.append(text.isEmpty() ? "" : " ").append((int) value);
    }
    return text.toString();
  }
}
