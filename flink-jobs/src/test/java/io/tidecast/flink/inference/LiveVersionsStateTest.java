package io.tidecast.flink.inference;

import static io.tidecast.flink.inference.TestingVersions.activate;
import static io.tidecast.flink.inference.TestingVersions.load;
import static io.tidecast.flink.inference.TestingVersions.rollBack;
import static io.tidecast.flink.inference.TestingVersions.shadow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.inference.CommandHarness.Subtask;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.record.IssuedForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Versions that come and go where a job goes on from a checkpoint. */
@Timeout(60)
class LiveVersionsStateTest {

  private static final Subtask FIRST = new Subtask(0, 2);
  private static final Subtask SECOND = new Subtask(1, 2);

  // Static, because a model is serialized on its way to the operator.
  private static CountDownLatch release;

  private final List<CommandHarness> started = new ArrayList<>();

  @BeforeEach
  void reset() {
    TestingVersions.reset();
    release = new CountDownLatch(1);
  }

  @AfterEach
  void close() throws Exception {
    release.countDown();
    for (CommandHarness harness : started) {
      harness.close();
    }
    TestingVersions.reset();
  }

  @Test
  void shouldGoOnWithTheVersionThatWasActive() throws Exception {
    OperatorSubtaskState snapshot = activeFrom(3);
    CommandHarness harness = start(Subtask.ONLY, snapshot);
    harness.process("a", 3, 2);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 3 v2", "a 2 own");
    assertThat(harness.news()).containsExactly("SWITCHED null v2 from 3");
    assertThat(TestingVersions.read("v2")).as("before and after").isEqualTo(2);
    harness.watermark(3);
    harness.until(Kind.RETIRED, "c1");
    harness.command(rollBack("c2"));
    harness.until(Kind.SWITCHED, "c2");
    assertThat(harness.news()).endsWith("SWITCHED c2 own from 4");
  }

  /** The state of a subtask where "v2" is active from an origin on. */
  private OperatorSubtaskState activeFrom(long origin) throws Exception {
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", origin - 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.drain();
    return stop(harness);
  }

  @Test
  void shouldAnswerWhatIsUnderWayInACheckpointByTheVersionOfItsOrigin() throws Exception {
    CommandHarness harness = start(TestingVersions.slots(held("own")), Subtask.ONLY, null);
    TestingVersions.put("v2", held("v2"));
    harness.process("a", 1, 2);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3, 4);
    assertThat(harness.forecasts()).isEmpty();
    OperatorSubtaskState snapshot = stop(harness);

    harness = start(Subtask.ONLY, snapshot);
    harness.process("a", 5);
    harness.drain();
    assertThat(harness.forecasts())
        .containsExactly("a 1 own", "a 2 own", "a 3 v2", "a 4 v2", "a 5 v2");
  }

  @Test
  void shouldKeepTheVersionOfWhatIsUnderWayThoughTheWatermarkHasPassed() throws Exception {
    CommandHarness harness = start(TestingVersions.slots(held("own")), Subtask.ONLY, null);
    harness.process("a", 1, 2);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.watermark(9);
    assertThat(harness.line()).isEmpty();
    OperatorSubtaskState snapshot = stop(harness);

    harness = start(Subtask.ONLY, snapshot);
    harness.process("a", 10);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 own", "a 10 v2");
  }

  private static TestingVersions.Version held(String name) {
    return TestingVersions.version(
        name,
        windows -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void shouldFollowACommandAgainThatWasNotFinished() throws Exception {
    CountDownLatch reading = TestingVersions.hold("v2");
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", 1, 2);
    harness.command(activate("c1", "v2"));
    harness.command(load("c2", "v3"));
    harness.drain();
    OperatorSubtaskState snapshot = stop(harness);
    assertThat(harness.news()).isEmpty();
    reading.countDown();

    harness = start(Subtask.ONLY, snapshot);
    harness.until(Kind.READY, "c2");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.news())
        .containsExactly("READY c1 v2", "SWITCHED c1 v2 from 3", "READY c2 v3");
    assertThat(harness.forecasts()).containsExactly("a 3 v2");
  }

  /** A job that is killed between the two commands. */
  @Test
  void shouldHoldVersionsReadyAgainThatWereLoaded() throws Exception {
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", 1);
    harness.command(load("c1", "v2"));
    harness.until(Kind.READY, "c1");
    harness.command(shadow("c2", "v3"));
    harness.until(Kind.SHADOWED, "c2");
    harness.drain();
    OperatorSubtaskState snapshot = stop(harness);

    harness = start(Subtask.ONLY, snapshot);
    harness.until(Kind.SHADOWED, "c2");
    OperatorSubtaskState again = harness.snapshot();
    harness.command(activate("c3", "v2"));
    harness.until(Kind.SWITCHED, "c3");
    harness.process("a", 2);
    harness.drain();
    assertThat(harness.news())
        .containsExactly("READY c1 v2", "READY c2 v3", "SHADOWED c2 v3", "SWITCHED c3 v2 from 2");
    assertThat(harness.forecasts()).containsExactly("a 2 v2");
    assertThat(harness.shadows()).containsExactly("a 2 v3");
    stop(harness);

    harness = start(Subtask.ONLY, again);
    harness.until(Kind.SHADOWED, "c2");
    assertThat(harness.news()).containsExactly("READY c1 v2", "READY c2 v3", "SHADOWED c2 v3");
  }

  @Test
  void shouldGoOnWithoutAShadowThatCannotBeReadAgain() throws Exception {
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.command(shadow("c1", "v2"));
    harness.until(Kind.SHADOWED, "c1");
    OperatorSubtaskState snapshot = stop(harness);
    TestingVersions.put("v2", other("v2"));

    harness = start(Subtask.ONLY, snapshot);
    harness.until(Kind.FAILED, "c1");
    harness.process("a", 1);
    harness.drain();
    assertThat(harness.news()).containsExactly("FAILED c1 v2 at CHECK");
    assertThat(harness.forecasts()).containsExactly("a 1 own");
  }

  private static TestingVersions.Version other(String name) {
    return new TestingVersions.Version(TestingVersions.spec(name, 4, 2), "other", windows -> {});
  }

  @Test
  void shouldFailWithTheRemedyWhereTheActiveVersionCannotBeReadAgain() throws Exception {
    OperatorSubtaskState snapshot = activeFrom(3);
    TestingVersions.put("v2", other("v2"));
    assertThatThrownBy(() -> start(Subtask.ONLY, snapshot))
        .hasMessage(
            "a version that a command has activated must be readable again where the job goes on, put it back to its place"
                + " or name another model for the slot in the job file, which then answers: slot=default, place=v2,"
                + " sha256=sha-v2: model.onnx must have the checksum that is asked for: place=v2, expected=sha-v2, found=other");
  }

  @Test
  void shouldDoWhatTheJobFileSaysWhereItNamesAnotherModelThanBefore() throws Exception {
    CountDownLatch reading = TestingVersions.hold("v3");
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(activate("c2", "v3"));
    harness.drain();
    OperatorSubtaskState snapshot = stop(harness);
    reading.countDown();

    harness = start(TestingVersions.slots(TestingVersions.version("next")), Subtask.ONLY, snapshot);
    harness.process("a", 2);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 2 next");
    assertThat(harness.news()).containsExactly("SWITCHED null next", "REFUSED c2 v3");
    assertThat(harness.events().get(1).reason())
        .isEqualTo(
            "must be sent again, for the job file was changed before it was finished: slot=default");
    OperatorSubtaskState later = stop(harness);

    harness = start(TestingVersions.slots(TestingVersions.version("next")), Subtask.ONLY, later);
    assertThat(harness.news()).as("nothing is left of it").isEmpty();
  }

  @Test
  void shouldKeepWhatCommandsHaveDoneWhereTheModelOfTheJobFileWasOnlyMoved() throws Exception {
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", 1);
    harness.command(activate("c1", "v2", 3));
    harness.until(Kind.SWITCHED, "c1");
    harness.drain();
    OperatorSubtaskState snapshot = stop(harness);

    ModelSlot own = TestingVersions.slots().byDefault();
    ModelSlot moved = new ModelSlot(own.name(), own.role(), own.route(), own.model(), "elsewhere");
    harness = start(new ModelSlots(List.of(moved)), Subtask.ONLY, snapshot);
    harness.process("a", 2, 3);
    harness.command(rollBack("c2"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 4);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 2 own", "a 3 v2", "a 4 own");
    assertThat(TestingVersions.read("own")).as("of where it was").isZero();
  }

  @Test
  void shouldBeginEverywhereWhereASubtaskBegan() throws Exception {
    CommandHarness first = start(FIRST, null);
    CommandHarness second = start(SECOND, null);
    first.process("a", 1);
    second.process("b", 5);
    for (CommandHarness each : List.of(first, second)) {
      each.command(activate("c1", "v2"));
      each.until(Kind.SWITCHED, "c1");
      each.drain();
    }
    assertThat(first.news()).endsWith("SWITCHED c1 v2 from 2");
    assertThat(second.news()).endsWith("SWITCHED c1 v2 from 6");
    assertThat(second.events()).extracting(ModelEvent::subtask).containsOnly(1);
    OperatorSubtaskState all = CommandHarness.together(stop(first), stop(second));

    CommandHarness only = start(Subtask.ONLY, CommandHarness.share(all, 2, Subtask.ONLY));
    only.process("a", 2);
    only.process("b", 6, 1);
    only.drain();
    assertThat(only.forecasts()).containsExactly("a 2 v2", "b 6 v2", "b 1 own");
    assertThat(only.news()).containsExactly("SWITCHED null v2 from 2");
    only.command(activate("c2", "v3"));
    only.until(Kind.SWITCHED, "c2");
    assertThat(only.news()).endsWith("SWITCHED c2 v3 from 7");
    OperatorSubtaskState later = stop(only);

    for (Subtask subtask : List.of(FIRST, SECOND)) {
      CommandHarness more = start(subtask, CommandHarness.share(later, 1, subtask));
      more.process("a", 6, 7);
      more.drain();
      assertThat(more.forecasts()).containsExactly("a 6 v2", "a 7 v3");
      stop(more);
    }
  }

  @Test
  void shouldFollowWhatOneSubtaskHasDoneWhereAnotherHasNot() throws Exception {
    CommandHarness first = start(FIRST, null);
    CommandHarness second = start(SECOND, null);
    first.process("a", 1);
    first.command(activate("c1", "v2"));
    first.until(Kind.SWITCHED, "c1");
    first.command(rollBack("c2"));
    first.until(Kind.SWITCHED, "c2");
    CountDownLatch reading = TestingVersions.hold("v2");
    second.process("b", 5);
    second.command(activate("c1", "v2"));
    second.command(rollBack("c2"));
    second.drain();
    first.drain();
    OperatorSubtaskState all = CommandHarness.together(stop(first), stop(second));
    reading.countDown();

    for (Subtask subtask : List.of(FIRST, SECOND)) {
      CommandHarness after = start(subtask, CommandHarness.share(all, 2, subtask));
      after.process("b", 1, 2, 6);
      after.drain();
      assertThat(after.forecasts()).containsExactly("b 1 own", "b 2 own", "b 6 own");
      assertThat(after.news()).as("it is the model of the job file").isEmpty();
      after.command(rollBack("c3"));
      assertThat(after.news()).containsExactly("REFUSED c3");
      stop(after);
    }
  }

  /** As a job that is changed to take none. */
  @Test
  void shouldForgetCommandsInAJobWithoutThem() throws Exception {
    OperatorSubtaskState snapshot = activeFrom(3);
    OperatorSubtaskState later;
    try (ForecastHarness plain =
        ForecastHarness.start(
            TestingVersions.version("own"),
            CommandHarness.options(OnFailure.DEAD_LETTER),
            snapshot)) {
      plain.process(List.of(TestingVersions.task("a", 3)));
      plain.end();
      assertThat(plain.forecasts())
          .extracting(forecast -> forecast.issuer().modelVersion())
          .containsExactly("own");
      later = plain.snapshot();
    }
    CommandHarness harness = start(Subtask.ONLY, later);
    harness.process("a", 4);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 4 own");
    assertThat(harness.news()).isEmpty();
  }

  /** As a job that is changed to take some. */
  @Test
  void shouldTakeCommandsInAJobThatTookNone() throws Exception {
    OperatorSubtaskState snapshot;
    try (ForecastHarness plain =
        ForecastHarness.start(held("own"), CommandHarness.options(OnFailure.DEAD_LETTER), null)) {
      plain.process(List.of(TestingVersions.task("a", 1), TestingVersions.task("a", 2)));
      snapshot = plain.snapshot();
      release.countDown();
    }
    CommandHarness harness = start(Subtask.ONLY, snapshot);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 own", "a 3 v2");
    assertThat(harness.news()).endsWith("SWITCHED c1 v2 from 3");
  }

  /** With at-least-once, readers see what came after the checkpoint, and then what is made anew. */
  @Test
  void shouldAnswerByTheFormerVersionWhatIsReadAgainBeforeTheNewOneIsReady() throws Exception {
    CommandHarness harness = start(Subtask.ONLY, null);
    harness.process("a", 1, 2);
    harness.drain();
    OperatorSubtaskState checkpoint = harness.snapshot();
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts()).endsWith("a 3 v2");
    stop(harness);

    CountDownLatch reading = TestingVersions.hold("v2");
    harness = start(Subtask.ONLY, checkpoint);
    harness.command(activate("c1", "v2"));
    harness.process("a", 3);
    reading.countDown();
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 4);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 3 own", "a 4 v2");
    assertThat(harness.news()).endsWith("SWITCHED c1 v2 from 4");
  }

  /** Whenever the checkpoint is taken, an origin has one version, and it is answered once. */
  @Test
  void shouldAnswerEachOriginOnceWhereverACheckpointCutsASwitch() throws Exception {
    for (int cut = 0; cut < 6; cut++) {
      TestingVersions.reset();
      CountDownLatch reading = TestingVersions.hold("v2");
      CommandHarness harness = start(Subtask.ONLY, null);
      List<IssuedForecast> committed = new ArrayList<>();
      OperatorSubtaskState snapshot = null;
      for (int step = 0; step < 6; step++) {
        if (step == cut) {
          snapshot = harness.snapshot();
          committed.addAll(harness.issued());
        }
        switch (step) {
          case 0 -> harness.process("a", 1, 2);
          case 1 -> harness.command(activate("c1", "v2"));
          case 2 -> harness.process("a", 3);
          case 3 -> {
            reading.countDown();
            harness.until(Kind.SWITCHED, "c1");
          }
          case 4 -> harness.process("a", 4, 5);
          default -> harness.drain();
        }
      }
      stop(harness);
      // What came after the checkpoint is read again.
      harness = start(Subtask.ONLY, snapshot);
      for (int step = cut; step < 6; step++) {
        switch (step) {
          case 0 -> harness.process("a", 1, 2);
          case 1 -> harness.command(activate("c1", "v2"));
          case 2 -> harness.process("a", 3);
          case 3 -> harness.until(Kind.SWITCHED, "c1");
          case 4 -> harness.process("a", 4, 5);
          default -> harness.drain();
        }
      }
      committed.addAll(harness.issued());
      assertThat(committed)
          .as("cut %d", cut)
          .extracting(each -> each.originMillis() + " " + each.issuer().modelVersion())
          .containsExactly("1 own", "2 own", "3 own", "4 v2", "5 v2");
      stop(harness);
    }
  }

  private CommandHarness start(Subtask subtask, OperatorSubtaskState snapshot) throws Exception {
    return start(TestingVersions.slots(), subtask, snapshot);
  }

  private CommandHarness start(ModelSlots slots, Subtask subtask, OperatorSubtaskState snapshot)
      throws Exception {
    CommandHarness harness = CommandHarness.start(slots, subtask, snapshot);
    started.add(harness);
    return harness;
  }

  /** Kills it, after a checkpoint. */
  private OperatorSubtaskState stop(CommandHarness harness) throws Exception {
    OperatorSubtaskState snapshot = harness.snapshot();
    release.countDown();
    harness.close();
    started.remove(harness);
    return snapshot;
  }
}
