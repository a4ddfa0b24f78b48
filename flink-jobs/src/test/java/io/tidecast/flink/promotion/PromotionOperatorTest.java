package io.tidecast.flink.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.promotion.PromotionSettings.Naive;
import io.tidecast.flink.record.ComparedForecasts;
import io.tidecast.flink.testing.Samples;
import io.tidecast.runtime.grid.GridStep;
import io.tidecast.runtime.promotion.Bout;
import io.tidecast.runtime.promotion.ModelName;
import io.tidecast.runtime.scores.LossMetric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionOperatorTest {

  private static final long STEP = 60_000;
  private static final GridStep GRID = GridStep.fixed(Duration.ofMillis(STEP));
  private static final ModelName A = new ModelName("a", "1");
  private static final ModelName B = new ModelName("b", "2");
  private static final ModelName C = new ModelName("c", "3");
  private static final String SHA = "0".repeat(64);

  /** 14 blocks of 2 cells are a contest. */
  private static final int CONTEST = 28;

  private static final int OPEN = 3;

  private TwoInputStreamOperatorTestHarness<ComparedForecasts, OpenVersion, ModelEvent> harness;

  private static PromotionSetup setup(
      PromotionSettings.Action action, Naive naive, List<String> shadowSlots, int primaries) {
    PromotionSettings settings =
        new PromotionSettings(action, LossMetric.MAE, .05, 20, .99, 4, naive);
    return new PromotionSetup(settings, settings.rule(2), OPEN, shadowSlots, primaries);
  }

  static PromotionSetup performing(String... shadowSlots) {
    return setup(PromotionSettings.Action.PERFORM, Naive.REPORT, List.of(shadowSlots), 1);
  }

  private void start(PromotionSetup setup, OperatorSubtaskState snapshot) throws Exception {
    harness =
        new TwoInputStreamOperatorTestHarness<>(
            new PromotionOperator(setup, new PromotionSetup.Time(GRID, () -> Samples.NOW)));
    harness.setup();
    if (snapshot != null) {
      harness.initializeState(snapshot);
    }
    harness.open();
  }

  private void open(String slot, ModelName name) throws Exception {
    harness.processElement2(
        new StreamRecord<>(
            new OpenVersion(
                slot,
                new ModelEvent.Version("/models/" + name.id(), name.id(), name.version(), SHA))));
  }

  private void close(String slot, ModelName name) throws Exception {
    harness.processElement2(
        new StreamRecord<>(
            new OpenVersion(
                slot,
                new ModelEvent.Version("/models/" + name.id(), name.id(), name.version(), SHA),
                false)));
  }

  private void compare(long cell, ModelName primary, ModelName rival, double... losses)
      throws Exception {
    harness.processElement1(
        new StreamRecord<>(
            new ComparedForecasts(
                "default",
                new Bout(
                    cell, primary, rival, Bout.parts(losses[0]), Bout.parts(losses[1]), 1, true))));
  }

  private void watermark(long cell) throws Exception {
    harness.processWatermark1(new Watermark(cell * STEP));
    harness.processWatermark2(new Watermark(cell * STEP));
  }

  private void run(long from, long until, ModelName rival, double... losses) throws Exception {
    for (long cell = from; cell < until; cell++) {
      compare(cell, A, rival, losses);
      watermark(cell);
    }
  }

  /** The same with B in the place, and A better. */
  private void runBack(long from, long until) throws Exception {
    for (long cell = from; cell < until; cell++) {
      compare(cell, B, A, 2, 1);
      watermark(cell);
    }
  }

  private List<ModelEvent> events() {
    return harness.extractOutputValues();
  }

  private List<ModelCommand> commands() {
    Queue<StreamRecord<ModelCommand>> output = harness.getSideOutput(PromotionOperator.COMMANDS);
    List<ModelCommand> all = new ArrayList<>();
    if (output != null) {
      output.forEach(record -> all.add(record.getValue()));
    }
    return all;
  }

  @Test
  void shouldSwapThePrimaryAndAShadowOfItsSlotOnceTheContestIsWhole() throws Exception {
    start(performing(), null);
    open("default", A);
    open("default", B);
    run(0, CONTEST, B, 2, 1);
    // The last block is whole when as many cells as are open have closed after it.
    watermark(CONTEST + OPEN - 1);
    assertThat(events()).isEmpty();
    watermark(CONTEST + OPEN);
    String id = "promotion-default-1970-01-01T00:27:00Z";
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.PROMOTED);
              assertThat(event.slot()).isEqualTo("default");
              assertThat(event.commandId()).isEqualTo(id);
              assertThat(event.timeMillis()).isEqualTo(Samples.NOW);
              assertThat(event.version())
                  .isEqualTo(new ModelEvent.Version("/models/b", "b", "2", SHA));
              ModelEvent.Contest contest = event.contest();
              assertThat(contest.metric()).isEqualTo("mae");
              assertThat(contest.origins()).isEqualTo(CONTEST);
              assertThat(contest.blocksWon()).isEqualTo(14);
              assertThat(contest.blocksLost()).isZero();
              assertThat(contest.pValue()).isEqualTo(Math.scalb(1, -14), within(1e-12));
              assertThat(contest.loss()).isEqualTo(1);
              assertThat(contest.otherId()).isEqualTo("a");
              assertThat(contest.otherVersion()).isEqualTo("1");
              assertThat(contest.otherLoss()).isEqualTo(2);
            });
    assertThat(commands())
        .containsExactly(
            new ModelCommand(id, Action.ACTIVATE, "default", "/models/b", SHA, null),
            new ModelCommand(id + "-back", Action.SHADOW, "default", "/models/a", SHA, null));
    harness.close();
  }

  @Test
  void shouldGiveThePrimaryTheSlotOfTheShadowThatTakesItsOwn() throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    run(0, CONTEST + 10, B, 2, 1);
    runBack(CONTEST + 10, CONTEST + 12);
    assertThat(commands())
        .extracting(ModelCommand::action, ModelCommand::slot, ModelCommand::place)
        .containsExactly(
            tuple(Action.ACTIVATE, "default", "/models/b"),
            tuple(Action.ACTIVATE, "candidate", "/models/a"));
    harness.close();
  }

  /** It may not be there to be read any more, and then stays where it is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLeaveTheWinnerItsSlotUntilItAnswers(boolean restarts) throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    run(0, CONTEST + 10, B, 2, 1);
    String id = "promotion-default-1970-01-01T00:27:00Z";
    assertThat(commands())
        .containsExactly(new ModelCommand(id, Action.ACTIVATE, "default", "/models/b", SHA, null));
    int kept = 1;
    if (restarts) {
      OperatorSubtaskState snapshot = harness.snapshot(1, 1);
      harness.close();
      start(performing("candidate"), snapshot);
      kept = 0;
    }
    run(CONTEST + 10, CONTEST + 15, B, 2, 1);
    // Of an origin that is long answered, whoever it was by.
    harness.processElement1(
        new StreamRecord<>(
            new ComparedForecasts(
                "default", new Bout(CONTEST + 15, C, B, Bout.parts(2), Bout.parts(1), 1, false))));
    assertThat(commands()).as("it does not answer yet").hasSize(kept);
    runBack(CONTEST + 15, CONTEST + 20);
    assertThat(commands().subList(kept, commands().size()))
        .containsExactly(
            new ModelCommand(id + "-back", Action.ACTIVATE, "candidate", "/models/a", SHA, null));
    harness.close();
  }

  /** Each has been in the place of the other before. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSwapThemBackWhenTheOtherIsBetterAgain(boolean restarts) throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    run(0, CONTEST + 10, B, 2, 1);
    open("default", B);
    open("candidate", A);
    if (restarts) {
      OperatorSubtaskState snapshot = harness.snapshot(1, 1);
      harness.close();
      start(performing("candidate"), snapshot);
    }
    int told = commands().size();
    runBack(CONTEST + 10, 3 * CONTEST);
    // It is over once A answers, and the next one would begin.
    run(3 * CONTEST, 3 * CONTEST + 1, B, 2, 1);
    assertThat(commands().subList(told, commands().size()))
        .extracting(ModelCommand::action, ModelCommand::slot, ModelCommand::place)
        .containsExactly(
            tuple(Action.ACTIVATE, "candidate", "/models/a"),
            tuple(Action.ACTIVATE, "default", "/models/a"),
            tuple(Action.ACTIVATE, "candidate", "/models/b"));
    harness.close();
  }

  @Test
  void shouldLeaveTheShadowOfSeveralPrimariesWhereItIs() throws Exception {
    start(setup(PromotionSettings.Action.PERFORM, Naive.REPORT, List.of("candidate"), 2), null);
    open("default", A);
    open("candidate", B);
    run(0, CONTEST + 10, B, 2, 1);
    assertThat(commands())
        .extracting(ModelCommand::action, ModelCommand::slot, ModelCommand::place)
        .containsExactly(
            tuple(Action.ACTIVATE, "default", "/models/b"),
            tuple(Action.SHADOW, "default", "/models/a"));
    harness.close();
  }

  @Test
  void shouldOnlyProposeIfToldSo() throws Exception {
    start(setup(PromotionSettings.Action.PROPOSE, Naive.REPORT, List.of(), 1), null);
    open("default", A);
    open("default", B);
    run(0, CONTEST + 10, B, 2, 1);
    assertThat(events()).extracting(ModelEvent::kind).containsExactly(Kind.PROPOSED);
    assertThat(events().get(0).commandId()).isNull();
    assertThat(commands()).isEmpty();
    harness.close();
  }

  @Test
  void shouldTellThatThePrimaryStays() throws Exception {
    start(performing(), null);
    open("default", A);
    open("default", B);
    run(0, CONTEST + 10, B, 1, 2);
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.KEPT);
              assertThat(event.version().modelId()).isEqualTo("a");
              assertThat(event.contest().blocksWon()).isEqualTo(14);
              assertThat(event.contest().loss()).isEqualTo(1);
              assertThat(event.contest().otherId()).isEqualTo("b");
              assertThat(event.contest().pValue()).isEqualTo(1);
            });
    assertThat(commands()).isEmpty();
    harness.close();
  }

  @Test
  void shouldReportThatTheNaiveIsBetter() throws Exception {
    start(performing(), null);
    open("default", A);
    run(0, CONTEST + 10, null, 2, 1);
    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.kind()).isEqualTo(Kind.OUTDONE);
              assertThat(event.version().modelId()).isEqualTo("a");
              assertThat(event.contest().otherId()).isEqualTo("seasonal-naive");
              assertThat(event.contest().otherVersion()).isNull();
              assertThat(event.contest().loss()).isEqualTo(2);
              assertThat(event.contest().otherLoss()).isEqualTo(1);
            });
    assertThat(commands()).isEmpty();
    harness.close();
  }

  @Test
  void shouldReplaceByTheNaiveIfToldSo() throws Exception {
    start(setup(PromotionSettings.Action.PERFORM, Naive.REPLACE, List.of(), 1), null);
    open("default", A);
    run(0, CONTEST + 10, null, 2, 1);
    assertThat(events()).extracting(ModelEvent::kind).containsExactly(Kind.OUTDONE, Kind.PROMOTED);
    assertThat(commands())
        .extracting(ModelCommand::action, ModelCommand::place, ModelCommand::sha256)
        .containsExactly(
            tuple(Action.ACTIVATE, "baseline:seasonal-naive", null),
            tuple(Action.SHADOW, "/models/a", SHA));
    harness.close();
  }

  @Test
  void shouldPassOverARivalOfUnknownPlace() throws Exception {
    start(performing(), null);
    open("default", A);
    run(0, CONTEST + 10, B, 2, 1);
    assertThat(events()).isEmpty();
    harness.close();
  }

  @Test
  void shouldPassOverARivalThatIsOpenNoMore() throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    open("default", B);
    close("default", B);
    close("candidate", C);
    run(0, CONTEST / 2, B, 2, 1);
    close("candidate", B);
    run(CONTEST / 2, CONTEST + 10, B, 2, 1);
    assertThat(events()).isEmpty();
    open("candidate", B);
    run(CONTEST + 10, CONTEST + 15, B, 2, 1);
    assertThat(events())
        .singleElement()
        .satisfies(event -> assertThat(event.version().modelId()).isEqualTo("b"));
    assertThat(commands()).hasSize(1);
    harness.close();
  }

  @Test
  void shouldCountWhatComesTooLate() throws Exception {
    start(performing(), null);
    open("default", A);
    open("default", B);
    run(0, 10, B, 2, 1);
    // Blocks are whole through cell 5.
    compare(3, A, B, 2, 1);
    run(10, CONTEST + 10, B, 2, 1);
    assertThat(events().get(0).contest().origins()).isEqualTo(CONTEST);
    assertThat(events().get(0).contest().loss()).isEqualTo(1);
    harness.close();
  }

  @Test
  void shouldDecideTheSameAfterARestoreInTheMiddle() throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    run(0, 17, B, 2, 1);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    harness.close();
    start(performing("candidate"), snapshot);
    run(17, CONTEST + 10, B, 2, 1);
    assertThat(events()).extracting(ModelEvent::kind).containsExactly(Kind.PROMOTED);
    assertThat(events().get(0).contest().origins()).isEqualTo(CONTEST);
    assertThat(commands()).extracting(ModelCommand::id).allMatch(id -> id.contains("T00:27:00Z"));
    harness.close();
  }

  /** Commands take their time; the loser answers until they are followed. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNotTellAgainWhatIsUnderWay(boolean restarts) throws Exception {
    start(performing("candidate"), null);
    open("default", A);
    open("candidate", B);
    run(0, CONTEST + OPEN + 1, B, 2, 1);
    int told = commands().size();
    assertThat(told).isEqualTo(1);
    int kept = 0;
    if (restarts) {
      OperatorSubtaskState snapshot = harness.snapshot(1, 1);
      harness.close();
      start(performing("candidate"), snapshot);
      kept = told;
    }
    run(CONTEST + OPEN + 1, 5 * CONTEST, B, 2, 1);
    assertThat(commands()).as("while it may be under way").hasSize(told - kept);
    run(5 * CONTEST, 9 * CONTEST, B, 2, 1);
    assertThat(commands()).as("when it has not come about").hasSize(2 * told - kept);
    harness.close();
  }

  @Test
  void shouldGiveTheSameCommandsIfItDecidesAgain() throws Exception {
    start(performing(), null);
    open("default", A);
    open("default", B);
    run(0, CONTEST, B, 2, 1);
    OperatorSubtaskState snapshot = harness.snapshot(1, 1);
    watermark(CONTEST + 10);
    List<ModelCommand> first = commands();
    harness.close();
    start(performing(), snapshot);
    watermark(CONTEST + 20);
    assertThat(commands()).isEqualTo(first).hasSize(2);
    harness.close();
  }

  @Test
  void shouldDecideNothingBecauseTheInputEnds() throws Exception {
    start(performing(), null);
    open("default", A);
    open("default", B);
    run(0, CONTEST, B, 2, 1);
    harness.processBothWatermarks(Watermark.MAX_WATERMARK);
    assertThat(events()).isEmpty();
    harness.close();
  }
}
