package io.tidecast.flink.inference;

import static io.tidecast.flink.inference.CommandHarness.of;
import static io.tidecast.flink.inference.TestingVersions.activate;
import static io.tidecast.flink.inference.TestingVersions.load;
import static io.tidecast.flink.inference.TestingVersions.retire;
import static io.tidecast.flink.inference.TestingVersions.rollBack;
import static io.tidecast.flink.inference.TestingVersions.shadow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.model.BaselineVersions;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.ModelSlot;
import io.tidecast.flink.model.OpenVersion;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.record.Rejection;
import io.tidecast.flink.state.StateTypes;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.serving.ModelBrokenException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What commands do to the versions of one subtask. */
@Timeout(60)
class LiveVersionsTest {

  private CommandHarness harness;

  @BeforeEach
  void start() throws Exception {
    TestingVersions.reset();
    harness = CommandHarness.start(null);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
    TestingVersions.reset();
  }

  @Test
  void shouldSwitchBehindAllThatHasComeOnceTheVersionIsReady() throws Exception {
    CountDownLatch reading = TestingVersions.hold("v2");
    harness.process("a", 1, 2);
    harness.command(activate("c1", "v2"));
    harness.process("a", 3);
    harness.process("b", 7);
    reading.countDown();
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 4, 7, 8);
    harness.process("b", 8);
    harness.drain();
    assertThat(harness.forecasts())
        .containsExactly(
            "a 1 own", "a 2 own", "a 3 own", "b 7 own", "a 4 own", "a 7 own", "a 8 v2", "b 8 v2");
    assertThat(harness.news()).containsExactly("READY c1 v2", "SWITCHED c1 v2 from 8");
    ModelEvent event = harness.events().get(1);
    assertThat(event.version()).isEqualTo(new ModelEvent.Version("v2", "testing", "v2", "sha-v2"));
    assertThat(event.slot()).isEqualTo("default");
    assertThat(event.timeMillis()).isEqualTo(Samples.NOW);
    assertThat(event.subtask()).isZero();
    assertThat(event.parallelism()).isEqualTo(1);
  }

  @Test
  void shouldCloseTheFormerVersionWhenNothingOfItsCanCome() throws Exception {
    harness.process("a", 1);
    harness.drain();
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.watermark(1);
    assertThat(TestingVersions.open("own")).as("origins up to 1 may still come").isEqualTo(1);
    assertThat(harness.gauge("openVersions")).isEqualTo(2);
    harness.watermark(2);
    harness.until(Kind.RETIRED, null);
    assertThat(TestingVersions.open("own")).isZero();
    assertThat(harness.gauge("openVersions")).isEqualTo(1);
    assertThat(harness.count("modelSwitches")).isEqualTo(1);
    assertThat(harness.gauge("activeVersion default")).isEqualTo("testing/v2");
    assertThat(harness.gauge("buildVersion")).isEqualTo("development, commit unknown");
    assertThat(harness.news())
        .containsExactly("READY c1 v2", "SWITCHED c1 v2 from 2", "RETIRED c1 own");
    harness.process("late", 1);
    harness.drain();
    assertThat(harness.forecasts()).endsWith("late 1 v2");
  }

  @Test
  void shouldCloseTheFormerVersionAfterItsLastAnswer() throws Exception {
    close();
    CountDownLatch release = new CountDownLatch(1);
    harness =
        CommandHarness.start(
            TestingVersions.slots(slow("own", release)), CommandHarness.Subtask.ONLY, null);
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 2);
    harness.watermark(5);
    assertThat(TestingVersions.open("own")).isEqualTo(1);
    assertThat(harness.forecasts()).isEmpty();
    release.countDown();
    harness.until(Kind.RETIRED, "c1");
    harness.drain();
    assertThat(TestingVersions.open("own")).isZero();
    assertThat(harness.line()).containsExactly("a 1 own", "a 2 v2", new Watermark(5));
  }

  private static TestingVersions.Version slow(String name, CountDownLatch release) {
    RELEASE = release;
    return TestingVersions.version(
        name,
        windows -> {
          try {
            RELEASE.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  // Static, because a model is serialized on its way to the operator.
  private static CountDownLatch RELEASE;

  @Test
  void shouldSwitchAtTheOriginThatIsAskedForIfItIsStillToCome() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "v2", 4));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3, 4, 2);
    harness.command(activate("c2", "v3", 3));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 5);
    harness.drain();
    assertThat(harness.forecasts())
        .containsExactly("a 1 own", "a 3 own", "a 4 v2", "a 2 own", "a 5 v3");
    assertThat(harness.news()).contains("SWITCHED c1 v2 from 4", "SWITCHED c2 v3 from 5");
  }

  @Test
  void shouldTakeASwitchThatIsStillToComeBack() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "v2", 100));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(rollBack("c2"));
    harness.until(Kind.RETIRED, "c2");
    harness.process("a", 2, 100, 101);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 own", "a 100 own", "a 101 own");
    assertThat(harness.news())
        .containsExactly(
            "READY c1 v2", "SWITCHED c1 v2 from 100", "SWITCHED c2 own from 2", "RETIRED c2 v2");
    assertThat(TestingVersions.open("v2")).isZero();
  }

  @Test
  void shouldGoOnWithTheFormerVersionWhereTheNewOneCannotBeHad() throws Exception {
    TestingVersions.put(
        "broken",
        new TestingVersions.Version(
            new ForecasterSpec("testing", "broken", 1, 2, 1, List.of()), "sha", windows -> {}));
    harness.command(activate("c1", "missing"));
    harness.until(Kind.FAILED, "c1");
    harness.command(activate("c2", "broken"));
    harness.until(Kind.FAILED, "c2");
    harness.command(
        new ModelCommand("c3", ModelCommand.Action.ACTIVATE, "default", "v2", "other", null));
    harness.until(Kind.FAILED, "c3");
    harness.process("a", 1);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own");
    assertThat(harness.news())
        .containsExactly(
            "FAILED c1 missing at FETCH", "FAILED c2 broken at OPEN", "FAILED c3 v2 at CHECK");
    assertThat(harness.events())
        .extracting(ModelEvent::reason)
        .containsExactly(
            "must have a manifest.json: place=missing",
            "must be within 1..1: seasonSteps=2",
            "model.onnx must have the checksum that is asked for: place=v2, expected=other, found=sha-v2");
    assertThat(TestingVersions.open("broken")).as("what failed late is closed").isZero();
    assertThat(harness.count("failedLoads")).isEqualTo(3);
    assertThat(harness.count("modelSwitches")).isZero();
    assertThat(harness.gauge("activeVersion default")).isEqualTo("testing/own");
  }

  @Test
  void shouldRefuseAShadowWhoseForecastsWouldGoNowhere() throws Exception {
    CommandedModels models =
        new CommandedModels(
            TestingVersions.slots(),
            Map.of(ModelSlot.DEFAULT, new TestingVersions()),
            false,
            StateTypes.KEPT_SLOT);
    try (CommandHarness nowhere =
        CommandHarness.start(
            models,
            CommandHarness.Subtask.ONLY,
            CommandHarness.options(OnFailure.DEAD_LETTER),
            null)) {
      nowhere.command(
          new ModelCommand("c1", ModelCommand.Action.SHADOW, ModelSlot.DEFAULT, "v2", null, null));
      assertThat(nowhere.events())
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.kind()).isEqualTo(Kind.REFUSED);
                assertThat(event.reason())
                    .startsWith("must go with sink.shadow-topic in the job file");
              });
    }
  }

  @Test
  void shouldHaveTheSeasonalNaiveAnswerAsAnyOtherVersion() throws Exception {
    CommandedModels models =
        new CommandedModels(
            TestingVersions.slots(),
            Map.of(
                ModelSlot.DEFAULT,
                new BaselineVersions(TestingVersions.version("own"), 2, new TestingVersions())),
            true,
            StateTypes.KEPT_SLOT);
    try (CommandHarness naive =
        CommandHarness.start(
            models,
            CommandHarness.Subtask.ONLY,
            CommandHarness.options(OnFailure.DEAD_LETTER),
            null)) {
      naive.process("a", 1);
      naive.command(activate("c1", BaselineVersions.SEASONAL_NAIVE));
      naive.until(Kind.SWITCHED, "c1");
      naive.process("a", 2);
      naive.command(activate("c2", "v2"));
      naive.until(Kind.SWITCHED, "c2");
      naive.process("a", 3);
      naive.drain();
      assertThat(naive.forecasts()).containsExactly("a 1 own", "a 2 2", "a 3 v2");
      assertThat(naive.issued())
          .extracting(IssuedForecast::fallback)
          .containsExactly(false, false, false);
      assertThat(naive.issued().get(1).issuer().modelId()).isEqualTo("seasonal-naive");
      assertThat(naive.issued().get(1).issuer().slot()).isEqualTo("default");
    }
  }

  @Test
  void shouldTellWhichVersionsAreOpen() throws Exception {
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(shadow("c2", "v3"));
    harness.until(Kind.SHADOWED, "c2");
    harness.command(retire("c3", "v3"));
    assertThat(harness.opened())
        .extracting(open -> open.slot() + " " + open.version().modelVersion() + " " + open.stays())
        .containsExactly(
            "default own true",
            "default v2 true",
            "default own false",
            "default v3 true",
            "default v3 false");
  }

  @Test
  void shouldTellThatAVersionIsOpenThatWasOpenedAnewAfterItBroke() throws Exception {
    TestingVersions.put(
        "v2",
        TestingVersions.version(
            "v2",
            windows -> {
              throw new AssertionError("injected");
            }));
    harness.command(shadow("c1", "v2"));
    harness.until(Kind.SHADOWED, "c1");
    harness.process("a", 1);
    harness.drain();
    TestingVersions.put("v2", TestingVersions.version("v2"));
    harness.command(activate("c2", "v2"));
    harness.until(Kind.SWITCHED, "c2");
    harness.command(retire("c3", "v2"));
    harness.until(Kind.RETIRED, "c3");
    assertThat(harness.opened()).allMatch(OpenVersion::stays);
    harness.process("a", 2);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2");
  }

  @Test
  void shouldFollowTheCommandsOfASlotOneAfterTheOther() throws Exception {
    CountDownLatch reading = TestingVersions.hold("v2");
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.command(activate("c2", "v3"));
    harness.command(rollBack("c3"));
    harness.command(retire("c4", "v9"));
    assertThat(harness.news()).isEmpty();
    reading.countDown();
    harness.until(Kind.REFUSED, "c4");
    assertThat(harness.news())
        .containsExactly(
            "READY c1 v2",
            "SWITCHED c1 v2 from 2",
            "READY c2 v3",
            "SWITCHED c2 v3 from 2",
            "READY c3 v2",
            "SWITCHED c3 v2 from 2",
            "REFUSED c4 v9");
    harness.process("a", 2);
    harness.drain();
    harness.until(() -> TestingVersions.open("v3") == 0);
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2");
  }

  @Test
  void shouldGiveASlotBackToTheVersionBeforeOnce() throws Exception {
    harness.command(rollBack("c0"));
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 2);
    harness.command(activate("c2", "v3"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 3);
    harness.drain();
    harness.watermark(3);
    harness.until(() -> TestingVersions.open("v2") == 0 && TestingVersions.open("own") == 0);
    harness.command(rollBack("c3"));
    harness.until(Kind.SWITCHED, "c3");
    harness.process("a", 4);
    harness.command(rollBack("c4"));
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2", "a 3 v3", "a 4 v2");
    assertThat(harness.news())
        .startsWith("REFUSED c0")
        .endsWith("SWITCHED c3 v2 from 4", "REFUSED c4");
    assertThat(TestingVersions.read("v2")).isEqualTo(2);
  }

  @Test
  void shouldGoBackToTheModelOfTheJobFileWithoutReadingIt() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.drain();
    harness.watermark(2);
    harness.until(Kind.RETIRED, "c1");
    harness.command(rollBack("c2"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 2);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 own");
    assertThat(TestingVersions.read("own")).isZero();
  }

  @Test
  void shouldHoldAVersionReadyUntilItIsActivatedOrRetired() throws Exception {
    harness.command(load("c1", "v2"));
    harness.until(Kind.READY, "c1");
    harness.command(load("c2", "v2"));
    harness.until(Kind.READY, "c2");
    harness.command(retire("c3", "v2"));
    harness.until(Kind.RETIRED, "c3");
    assertThat(TestingVersions.open("v2")).isZero();
    harness.command(load("c4", "v3"));
    harness.until(Kind.READY, "c4");
    harness.command(
        new ModelCommand("c5", ModelCommand.Action.ACTIVATE, "default", "v3", "sha-v3", null));
    assertThat(harness.news()).as("at once").endsWith("SWITCHED c5 v3");
    assertThat(TestingVersions.read("v3")).isEqualTo(1);
    harness.process("a", 1);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 v3");
  }

  @Test
  void shouldRefuseWhatCannotBeDone() throws Exception {
    harness.command(retire("c1", "own"));
    harness.command(retire("c2", "v7"));
    harness.command(new ModelCommand("c3", ModelCommand.Action.LOAD, "heat", "v2", null, null));
    harness.command(rollBack("c4"));
    harness.command(shadow("c6", "own"));
    harness.until(Kind.REFUSED, "c6");
    assertThat(harness.events())
        .extracting(ModelEvent::reason)
        .containsExactly(
            "must not be the active version, activate another one first and this one is retired: version=own (sha256 sha-own)",
            "must be a version that is loaded or a shadow: slot=default, place=v7",
            "must name a slot of the job, [default]: slot=heat",
            "must have had another version before the one that is active, name one to activate: slot=default",
            "must not be the active version, which forecasts anyway: version=own (sha256 sha-own)");
    assertThat(harness.events().get(2).slot()).as("there is none").isNull();
    assertThat(harness.count("refusedCommands")).isEqualTo(5);
    harness.command(load("c7", "v2"));
    harness.until(Kind.READY, "c7");
    assertThat(TestingVersions.open("own")).as("what was opened to compare is closed").isEqualTo(1);
  }

  /** As it is sent again where another subtask could not follow it. */
  @Test
  void shouldTellAgainOfWhatIsSoAlready() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "own"));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(shadow("c2", "v2"));
    harness.command(shadow("c3", "v2"));
    harness.until(Kind.SHADOWED, "c3");
    harness.command(activate("c4", "v2"));
    harness.until(Kind.SWITCHED, "c4");
    harness.process("a", 2, 3);
    harness.command(activate("c5", "v2"));
    harness.until(Kind.SWITCHED, "c5");
    harness.command(load("c6", "v2"));
    harness.until(Kind.READY, "c6");
    harness.command(rollBack("c7"));
    harness.process("a", 4);
    harness.drain();
    assertThat(harness.news())
        .containsExactly(
            "SWITCHED c1 own",
            "READY c2 v2",
            "SHADOWED c2 v2",
            "SHADOWED c3 v2",
            "SWITCHED c4 v2 from 2",
            "SWITCHED c5 v2 from 2",
            "READY c6 v2",
            "SWITCHED c7 own from 4");
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2", "a 3 v2", "a 4 own");
  }

  @Test
  void shouldBringASwitchForwardThatIsStillToCome() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "v2", 100));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(activate("c2", "v2", 200));
    harness.until(Kind.SWITCHED, "c2");
    harness.command(activate("c3", "v2"));
    harness.until(Kind.SWITCHED, "c3");
    harness.process("a", 2);
    harness.command(rollBack("c4"));
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.news())
        .containsExactly(
            "READY c1 v2",
            "SWITCHED c1 v2 from 100",
            "SWITCHED c2 v2 from 100",
            "SWITCHED c3 v2 from 2",
            "SWITCHED c4 own from 3");
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2", "a 3 own");
  }

  @Test
  void shouldTellVersionsAtOnePlaceByWhatIsThere() throws Exception {
    harness.process("a", 1);
    harness.command(activate("c1", "latest"));
    harness.until(Kind.SWITCHED, "c1");
    TestingVersions.put(
        "latest", new TestingVersions.Version(TestingVersions.spec("v9", 4, 2), "other", w -> {}));
    harness.process("a", 2);
    harness.command(activate("c2", "latest"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 latest", "a 3 v9");
  }

  @Test
  void shouldHaveNoMoreVersionsOpenThanItCanBear() throws Exception {
    for (int i = 2; i <= 17; i++) {
      harness.command(load("c" + i, "v" + i));
    }
    harness.until(Kind.REFUSED, "c17");
    assertThat(harness.events().get(15).reason())
        .isEqualTo(
            "must not have more than 16 versions open, retire some or wait until the watermark has passed the last switches: slot=default");
  }

  @Test
  void shouldForecastBesideWithoutDelayingTheActiveVersion() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestingVersions.put("v2", slow("v2", release));
    harness.command(shadow("c1", "v2"));
    harness.until(Kind.SHADOWED, "c1");
    for (int i = 1; i <= 20; i++) {
      harness.process("a", i);
    }
    harness.until(() -> harness.forecasts().size() == 20);
    assertThat(harness.shadows()).isEmpty();
    release.countDown();
    harness.drain();
    assertThat(harness.shadows())
        .as("up to two batches are under way")
        .hasSize(8)
        .isEqualTo(of("a", "v2", 1, 2, 3, 4, 5, 6, 7, 8));
    assertThat(harness.issuedBeside())
        .extracting(IssuedForecast::role)
        .containsOnly(ForecastRole.SHADOW);
    assertThat(harness.issued())
        .extracting(IssuedForecast::role)
        .containsOnly(ForecastRole.PRIMARY);
    assertThat(harness.rejections()).isEmpty();
    harness.command(activate("c2", "v2"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 21);
    harness.drain();
    assertThat(harness.forecasts()).endsWith("a 21 v2");
    assertThat(harness.shadows()).as("it is one no more").hasSize(8);
    assertThat(harness.count("skippedShadows no-room")).isEqualTo(12);
    assertThat(harness.count("failedShadows")).isZero();
  }

  @Test
  void shouldLeaveOutWhatAShadowFailsOn() throws Exception {
    TestingVersions.put(
        "v2",
        TestingVersions.version(
            "v2",
            windows -> {
              throw new ModelException("no such number");
            }));
    TestingVersions.put(
        "v3",
        TestingVersions.version(
            "v3",
            windows -> {
              throw new AssertionError("injected");
            }));
    harness.command(shadow("c1", "v2"));
    harness.command(shadow("c2", "v3"));
    harness.command(shadow("c3", "v4"));
    harness.until(Kind.SHADOWED, "c3");
    harness.process("a", 1, 2);
    harness.drain();
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts()).isEqualTo(of("a", "own", 1, 2, 3));
    assertThat(harness.shadows()).isEqualTo(of("a", "v4", 1, 2, 3));
    assertThat(harness.rejections()).isEmpty();
    assertThat(harness.count("failedShadows")).isEqualTo(6);
    harness.command(retire("c4", "v3"));
    harness.until(Kind.RETIRED, "c4");
  }

  @Test
  void shouldGoOnWithoutAShadowThatHasAnsweredBefore() throws Exception {
    close();
    harness =
        CommandHarness.start(
            TestingVersions.slots(
                TestingVersions.version(
                    "own",
                    windows -> {
                      if (TestingModel.endsWith(windows, 3)) {
                        throw new AssertionError("injected");
                      }
                    })),
            CommandHarness.Subtask.ONLY,
            null);
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.command(shadow("c2", "own"));
    harness.until(Kind.SHADOWED, "c2");
    harness.drain();
    harness.watermark(2);
    harness.process("a", 2);
    harness.drain();
    harness.process("a", 3);
    harness.drain();
    harness.process("a", 4);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 v2", "a 3 v2", "a 4 v2");
    assertThat(harness.shadows()).containsExactly("a 2 own");
    assertThat(harness.count("failedShadows")).isEqualTo(2);
  }

  /** Its turn was still to come, and never does; an older origin is its own all the same. */
  @Test
  void shouldFailWithAVersionWithoutATurnThatATaskWaitsFor() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestingVersions.Version slow = slow("v2", release);
    TestingVersions.put(
        "v2",
        TestingVersions.version(
            "v2",
            windows -> {
              slow.run().before(windows);
              throw new AssertionError("injected");
            }));
    harness.command(activate("c1", "v2", 100));
    harness.until(Kind.SWITCHED, "c1");
    harness.watermark(100);
    harness.process("a", 60);
    harness.command(activate("c2", "v3"));
    harness.until(Kind.SWITCHED, "c2");
    assertThat(harness.news()).contains("SWITCHED c2 v3 from 61");
    release.countDown();
    assertThatThrownBy(() -> harness.drain()).isInstanceOf(ModelBrokenException.class);
  }

  /** As one that never comes back from its device. */
  @Test
  void shouldReplaceAVersionThatHangs() throws Exception {
    close();
    CountDownLatch release = new CountDownLatch(1);
    harness =
        CommandHarness.start(
            TestingVersions.slots(slow("own", release)),
            CommandHarness.Subtask.ONLY,
            CommandHarness.options(OnFailure.FALLBACK),
            null);
    harness.process("a", 1, 2);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.flink().setProcessingTime(40_000);
    harness.process("a", 3);
    harness.watermark(3);
    harness.drain();
    assertThat(harness.issued())
        .extracting(IssuedForecast::fallback)
        .containsExactly(true, true, false);
    assertThat(harness.forecasts()).endsWith("a 3 v2");
    release.countDown();
    harness.until(Kind.RETIRED, "c1");
    assertThat(TestingVersions.open("own")).isZero();
  }

  @Test
  void shouldHaveOneVersionOpenAfterManySwitches() throws Exception {
    long origin = 1;
    for (int i = 1; i <= 200; i++) {
      harness.process("a", origin++);
      harness.command(activate("c" + i, "v" + i));
      harness.until(Kind.SWITCHED, "c" + i);
      harness.watermark(origin);
    }
    harness.process("a", origin);
    harness.drain();
    // The last command may retire several: the first event of it is not that of all.
    harness.until(
        () ->
            harness.events().stream().filter(event -> event.kind() == Kind.RETIRED).count() == 200);
    assertThat(harness.forecasts()).hasSize(201).doesNotHaveDuplicates().endsWith("a 201 v200");
    assertThat(harness.gauge("openVersions")).isEqualTo(1);
    for (int i = 1; i < 200; i++) {
      assertThat(TestingVersions.open("v" + i)).isZero();
    }
    assertThat(TestingVersions.open("own")).isZero();
    assertThat(TestingVersions.open("v200")).isEqualTo(1);
  }

  @Test
  void shouldGiveEachVersionTheCellsThatItTakes() throws Exception {
    TestingVersions.put(
        "v2",
        new TestingVersions.Version(
            new ForecasterSpec("testing", "v2", 2, 3, 1, List.of()), "sha", windows -> {}));
    TestingVersions.put(
        "v3", new TestingVersions.Version(TestingVersions.spec("v3", 5, 2), "sha", windows -> {}));
    harness.process("a", 1);
    harness.command(activate("c1", "v2"));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 2);
    harness.command(activate("c2", "v3"));
    harness.until(Kind.SWITCHED, "c2");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.issued()).extracting(IssuedForecast::horizon).containsExactly(2, 3);
    assertThat(harness.issued().get(1).points()).containsExactly(3, 4, 5);
    assertThat(harness.rejections())
        .extracting(Rejection::detail)
        .containsExactly("context must hold the 5 values of the job's model: values=4");
  }

  @Test
  void shouldLeaveTheTimeOfCommandsOut() throws Exception {
    harness.commandsPassed(9);
    harness.watermark(5);
    harness.tasksAre(WatermarkStatus.IDLE);
    harness.tasksAre(WatermarkStatus.ACTIVE);
    harness.commandsAre(WatermarkStatus.IDLE);
    harness.watermark(6);
    assertThat(harness.line())
        .containsExactly(
            new Watermark(5), WatermarkStatus.IDLE, WatermarkStatus.ACTIVE, new Watermark(6));
  }

  @Test
  void shouldCloseWhatIsStillBeingLoadedAtTheEnd() throws Exception {
    CountDownLatch reading = TestingVersions.hold("v2");
    harness.command(activate("c1", "v2"));
    harness.close();
    reading.countDown();
    harness = CommandHarness.start(null);
    harness.command(activate("c2", "v3"));
    harness.until(Kind.SWITCHED, "c2");
    assertThat(TestingVersions.open("v2")).as("the loader has come to the next").isZero();
  }
}
