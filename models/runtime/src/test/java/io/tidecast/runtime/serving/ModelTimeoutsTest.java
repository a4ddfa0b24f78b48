package io.tidecast.runtime.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tidecast.runtime.manifest.ModelException;
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
  private boolean refusesAll;
  private int tooMany = Integer.MAX_VALUE;
  private long nanos;

  @Test
  void shouldAnswerForNoWindowButTheOneThatHangs() {
    ModelRunner runner = runner(3);

    assertThat(answers(runner, 1, 666, 3)).containsExactly("2.0", "none", "4.0");
    assertThat(runs).containsExactly("1 666 3", "1", "666", "3");
    assertThat(told.timeouts).containsExactly("3 over PT10S", "1 over PT2.5S", "s666 rests PT1M");
    assertThat(runner.answer(windows(1, 666)).get(1))
        .isEqualTo(new Answer.Failed(SuspectSeries.WHY));
  }

  @Test
  void shouldLetASuspectCostItsNeighboursNothing() {
    ModelRunner runner = runner(3);
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
    ModelRunner runner = runner(3);
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
    ModelRunner runner = runner(3);

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

    assertThat(answers(runner(3), all)).containsOnly("none");
    assertThat(runs).as("the batch, and two limits of a batch in quarters").hasSize(1 + 8);
  }

  @Test
  void shouldGiveUpAModelThatAnswersNobodyAndTryItAgainLater() {
    ModelRunner runner = runner(3);
    hangsForAll = true;
    IntStream.range(0, 3).forEach(i -> assertThat(answers(runner, i)).containsOnly("none"));
    assertThat(runner.givenUp()).isTrue();
    assertThat(told.timeouts).endsWith("gave up after 3 for PT1M");

    runs.clear();
    assertThat(runner.answer(windows(10, 11)))
        .containsOnly(new Answer.Failed(Answer.Cause.GIVEN_UP, CircuitBreaker.WHY));
    assertThat(runs).isEmpty();

    pass(CircuitBreaker.FIRST_REST);
    assertThat(answers(runner, 12, 13)).containsExactly("none", "none");
    assertThat(runs).as("one window is tried for all").containsExactly("12");
    pass(CircuitBreaker.FIRST_REST);
    assertThat(answers(runner, 14)).containsExactly("none");
    assertThat(runs).as("it rests for twice as long").hasSize(1);

    pass(CircuitBreaker.FIRST_REST);
    hangsForAll = false;
    runs.clear();
    assertThat(answers(runner, 15, 16, 17)).containsExactly("16.0", "17.0", "18.0");
    assertThat(runs).containsExactly("15", "16 17");
    assertThat(runner.givenUp()).isFalse();
    assertThat(told.timeouts).endsWith("resumed");
  }

  @Test
  void shouldTryAWindowOfASeriesThatDoesNotRest() {
    ModelRunner runner = runner(3);
    for (int minutes = 1; minutes < 8; minutes *= 2) {
      answers(runner, 666);
      assertThat(told.timeouts).endsWith("s666 rests PT%dM".formatted(minutes));
      answers(runner, 1);
      pass(Duration.ofMinutes(minutes));
    }
    answers(runner, 666);
    answers(runner, 1);
    hangsForAll = true;
    IntStream.range(10, 13).forEach(i -> answers(runner, i));
    assertThat(runner.givenUp()).isTrue();
    pass(CircuitBreaker.FIRST_REST);
    hangsForAll = false;
    runs.clear();

    assertThat(answers(runner, 666)).containsExactly("none");
    assertThat(runner.givenUp()).as("there was nothing to try").isTrue();
    assertThat(answers(runner, 666, 5, 6)).containsExactly("none", "6.0", "7.0");
    assertThat(runs).containsExactly("5", "6");
    assertThat(runner.givenUp()).isFalse();
  }

  @Test
  void shouldGiveUpAModelThatFailsForMoreThanAFewSeries() {
    refusesAll = true;
    ModelRunner runner = runner(3);
    IntStream.range(0, 5).forEach(i -> answers(runner, 7));
    assertThat(runner.givenUp()).as("it may be the series").isFalse();
    answers(runner, 7, 8);
    answers(runner, 8, 9, 7);
    assertThat(runner.givenUp()).isTrue();
    assertThat(told.timeouts).containsExactly("gave up after 3 for PT1M");
  }

  @Test
  void shouldGiveUpAModelThatHasNoNumbers() {
    ModelRunner runner = runner(2);
    Window one = window("s1", Float.MAX_VALUE);
    Window other = window("s2", Float.MAX_VALUE);
    assertThat(runner.answer(List.of(one))).hasOnlyElementsOfType(Answer.Failed.class);
    assertThat(runner.answer(List.of(one, other, window("s3", 1))))
        .as("one has numbers")
        .hasAtLeastOneElementOfType(Answer.Made.class);
    runner.answer(List.of(one));
    assertThat(runner.givenUp()).isFalse();
    runner.answer(List.of(other));
    assertThat(runner.givenUp()).isTrue();
  }

  @Test
  void shouldNotGiveUpAModelThatAnswersOthers() {
    ModelRunner runner = runner(3);
    for (int i = 0; i < 20; i++) {
      assertThat(answers(runner, HANGS + i)).containsExactly("none");
      assertThat(answers(runner, i)).doesNotContain("none");
    }
    assertThat(runner.givenUp()).isFalse();
  }

  @Test
  void shouldAskAModelAgainAndAgainWhereToldSo() {
    hangsForAll = true;
    ModelRunner keeping = runner(RunLimits.NEVER);
    IntStream.range(0, 9).forEach(i -> answers(keeping, i));
    assertThat(runs).hasSize(9);
    assertThat(keeping.givenUp()).isFalse();
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
    ModelRunner runner = new ModelRunner(model, options(RunLimits.NEVER), told);
    assertThatExceptionOfType(ForecastStoppedException.class)
        .isThrownBy(() -> runner.answer(windows(1)));
    assertThatExceptionOfType(ForecastStoppedException.class)
        .isThrownBy(() -> runner.answer(windows(1, 2)));
    assertThat(told.failures).isEmpty();
  }

  private ModelRunner runner(int giveUpAfter) {
    LastValueModel model =
        new LastValueModel(
            last -> {
              runs.add(text(last));
              boolean hangs = hangsForAll || last.length > tooMany;
              for (float value : last) {
                hangs |= value >= HANGS && value < Float.MAX_VALUE;
              }
              if (hangs) {
                throw new ModelTimeoutException("too long");
              }
              if (refusesAll) {
                throw new ModelException("not now");
              }
            });
    return new ModelRunner(model, options(giveUpAfter), told);
  }

  private ServingOptions options(int giveUpAfter) {
    return ServingOptions.builder()
        .maxBatchSize(64)
        .retries(0)
        .limits(new RunLimits(Duration.ofSeconds(10), giveUpAfter))
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
