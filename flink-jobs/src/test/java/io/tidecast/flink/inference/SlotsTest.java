package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.inference.CommandHarness.Subtask;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent.Kind;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.model.SeriesRoute;
import io.tidecast.flink.record.ForecastTask;
import io.tidecast.flink.record.IssuedForecast;
import io.tidecast.flink.testing.Samples;
import io.tidecast.flink.testing.TestingModel;
import io.tidecast.runtime.manifest.ForecasterInputs;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several models in one operator, and what each is given of a task. */
@Timeout(60)
class SlotsTest {

  private CommandHarness harness;

  @BeforeEach
  void reset() {
    TestingVersions.reset();
  }

  @AfterEach
  void close() throws Exception {
    if (harness != null) {
      harness.close();
    }
  }

  @Test
  void shouldGiveEachSeriesToTheModelOfItsRoute() throws Exception {
    ModelSlots slots =
        TestingVersions.with(
            TestingVersions.slots(),
            "heat",
            ForecastRole.PRIMARY,
            new SeriesRoute("*/heat", null),
            TestingVersions.version("h1"));
    slots =
        TestingVersions.with(
            slots,
            "north",
            ForecastRole.PRIMARY,
            new SeriesRoute(null, "north"),
            TestingVersions.version("n1"));
    start(slots);
    harness.process("a/heat", 1);
    harness.process("a/power", 1);
    harness.process(TestingVersions.task("b/power", 1).of("north"));
    harness.process(TestingVersions.task("b/power", 2).of("south"));
    harness.process(TestingVersions.task("b/power", 3).of("north"));
    harness.process("a/heat", 2);
    harness.drain();
    assertThat(harness.forecasts())
        .containsExactly(
            "a/heat 1 h1",
            "a/power 1 own",
            "b/power 1 n1",
            "b/power 2 own",
            "b/power 3 n1",
            "a/heat 2 h1");
  }

  @Test
  void shouldSwitchASlotAloneAndByItsOwnOrigins() throws Exception {
    start(
        TestingVersions.with(
            TestingVersions.slots(),
            "heat",
            ForecastRole.PRIMARY,
            new SeriesRoute("*/heat", null),
            TestingVersions.version("h1")));
    harness.process("a/heat", 5);
    harness.process("a", 9);
    harness.command(new ModelCommand("c1", ModelCommand.Action.ACTIVATE, "heat", "h2", null, null));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a/heat", 6);
    harness.process("a", 10);
    harness.drain();
    assertThat(harness.news()).endsWith("SWITCHED c1 h2 from 6");
    assertThat(harness.events()).extracting(event -> event.slot()).containsOnly("heat");
    assertThat(harness.forecasts())
        .containsExactly("a/heat 5 h1", "a 9 own", "a/heat 6 h2", "a 10 own");
    assertThat(harness.gauge("activeVersion heat")).isEqualTo("testing/h2");
    assertThat(harness.gauge("activeVersion default")).isEqualTo("testing/own");
  }

  @Test
  void shouldForecastBesideByEveryShadowOfASeries() throws Exception {
    ModelSlots slots =
        TestingVersions.with(
            TestingVersions.slots(),
            "trial",
            ForecastRole.SHADOW,
            new SeriesRoute("a*", null),
            TestingVersions.version("t1"));
    start(slots);
    harness.process("a", 1, 2);
    harness.process("b", 1);
    harness.command(
        new ModelCommand("c1", ModelCommand.Action.ACTIVATE, "trial", "t2", null, null));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 own", "a 2 own", "b 1 own", "a 3 own");
    assertThat(harness.shadows()).containsExactlyInAnyOrder("a 1 t1", "a 2 t1", "a 3 t2");
    assertThat(harness.issuedBeside())
        .extracting(IssuedForecast::role)
        .containsOnly(ForecastRole.SHADOW);
  }

  @Test
  void shouldAnswerAYoungSeriesByTheBaselineUnlessTheModelPads() throws Exception {
    ForecasterSpec pads =
        new ForecasterSpec(
            "testing", "p1", 4, 2, 1, List.of(0), ForecasterInputs.NONE, List.of(), true);
    ModelSlots slots =
        TestingVersions.with(
            TestingVersions.slots(),
            "young",
            ForecastRole.PRIMARY,
            new SeriesRoute("y*", null),
            new TestingVersions.Version(pads, "sha-p1", windows -> {}));
    slots =
        TestingVersions.with(
            slots,
            "trial",
            ForecastRole.SHADOW,
            SeriesRoute.ALL,
            new TestingVersions.Version(TestingVersions.spec("t1", 2, 2), "sha-t1", windows -> {}));
    start(slots);
    for (String series : List.of("a", "y")) {
      harness.process(new ForecastTask(series, 1, new float[] {Float.NaN, Float.NaN, 7, 8}, 0, 0));
    }
    harness.process(
        new ForecastTask("a", 2, new float[] {Float.NaN, Float.NaN, Float.NaN, 8}, 0, 0));
    harness.process(new ForecastTask("a", 3, new float[] {1, 2, 3, 4}, 0, 0, true, null));
    harness.drain();
    assertThat(harness.issued())
        .extracting(each -> each.series() + " " + each.originMillis() + " " + each.fallback())
        .containsExactly("a 1 true", "y 1 false", "a 2 true", "a 3 true");
    assertThat(harness.issued().get(0).points()).as("a season of two").containsExactly(7, 8);
    assertThat(harness.shadows()).containsExactly("a 1 t1", "y 1 t1");
    assertThat(harness.count("skippedShadows too-few-cells")).isEqualTo(2);
  }

  @Test
  void shouldGiveWhatMembersSayBeforeThePrimary() throws Exception {
    start(
        TestingVersions.with(
            TestingVersions.slots(),
            "second",
            ForecastRole.MEMBER,
            new SeriesRoute("a*", null),
            TestingVersions.version("m1")));
    harness.process("a", 1, 2);
    harness.process("b", 1);
    harness.command(
        new ModelCommand("c1", ModelCommand.Action.ACTIVATE, "second", "m2", null, null));
    harness.until(Kind.SWITCHED, "c1");
    harness.process("a", 3);
    harness.drain();
    assertThat(harness.forecasts())
        .containsExactly("a 1 m1", "a 1 own", "a 2 m1", "a 2 own", "b 1 own", "a 3 m2", "a 3 own");
    assertThat(harness.issued())
        .extracting(IssuedForecast::role)
        .containsExactly(
            ForecastRole.MEMBER,
            ForecastRole.PRIMARY,
            ForecastRole.MEMBER,
            ForecastRole.PRIMARY,
            ForecastRole.PRIMARY,
            ForecastRole.MEMBER,
            ForecastRole.PRIMARY);
    assertThat(harness.issued())
        .extracting(each -> each.issuer().slot())
        .startsWith("second", "default");
    assertThat(harness.count("failedMembers")).isZero();
  }

  @Test
  void shouldGoOnWithoutAMemberThatFailsOrIsTooYoung() throws Exception {
    TestingVersions.Version failing =
        TestingVersions.version(
            "m1",
            windows -> {
              if (TestingModel.endsWith(windows, 7)) {
                throw new IllegalStateException("no 7");
              }
            });
    ModelSlots slots =
        TestingVersions.with(
            TestingVersions.slots(), "second", ForecastRole.MEMBER, SeriesRoute.ALL, failing);
    start(slots);
    for (int origin = 6; origin < 9; origin++) {
      harness.process("a", origin);
      // Or one that fails would fail with what is in its batch.
      harness.drain();
    }
    // The baseline answers, and is mixed with no model.
    harness.process(new ForecastTask("a", 9, new float[] {1, 2, 3, 4}, 0, 0, true, null));
    harness.drain();
    assertThat(harness.issued())
        .extracting(each -> each.originMillis() + " " + each.role() + " " + each.fallback())
        .containsExactly(
            "6 MEMBER false",
            "6 PRIMARY false",
            "7 PRIMARY false",
            "8 MEMBER false",
            "8 PRIMARY false",
            "9 PRIMARY true");
    assertThat(harness.count("failedMembers")).isEqualTo(1);
  }

  @Test
  void shouldWaitForAMemberAsForThePrimary() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Semaphore asked = new Semaphore(0);
    start(
        TestingVersions.with(
            TestingVersions.slots(),
            "second",
            ForecastRole.MEMBER,
            SeriesRoute.ALL,
            TestingVersions.version(
                "m1",
                windows -> {
                  asked.release();
                  try {
                    gate.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                })));
    harness.process("a", 1);
    asked.acquire();
    OperatorSubtaskState underWay = harness.snapshot();
    assertThat(harness.forecasts()).isEmpty();
    gate.countDown();
    harness.drain();
    assertThat(harness.forecasts()).containsExactly("a 1 m1", "a 1 own");
    harness.close();
    harness = CommandHarness.start(withMember(), Subtask.ONLY, underWay);
    harness.drain();
    assertThat(harness.forecasts()).as("asked again").containsExactly("a 1 m1", "a 1 own");
  }

  private static ModelSlots withMember() {
    return TestingVersions.with(
        TestingVersions.slots(),
        "second",
        ForecastRole.MEMBER,
        SeriesRoute.ALL,
        TestingVersions.version("m1"));
  }

  /** The newest cells, the first steps of what is known ahead, and the bases as they are. */
  @Test
  void shouldGiveAVersionWhatItTakesOfATask() {
    ForecastTask task =
        new ForecastTask(
            "a",
            9,
            new float[] {1, 2, 3, 4, 5, 6},
            0,
            0,
            false,
            null,
            null,
            new float[] {10, 11, 12},
            new double[] {100, 200},
            null);
    ForecasterSpec spec =
        new ForecasterSpec(
            "m",
            "1",
            2,
            2,
            2,
            List.of(0),
            new ForecasterInputs(1, List.of(), List.of(), 0),
            List.of());
    TaskWindows windows = new TaskWindows(spec, Samples.GRID_STEP);
    assertThat(windows.fit(task)).isTrue();
    assertThat(windows.of(task).context()).containsExactly(3, 4, 5, 6);
    assertThat(windows.of(task).futureCovariates()).containsExactly(10, 11);
    assertThat(windows.of(task).bases()).containsExactly(100, 200);
    assertThat(windows.of(task).originMillis()).isEqualTo(9);
  }

  private void start(ModelSlots slots) throws Exception {
    harness = CommandHarness.start(slots, Subtask.ONLY, null);
  }
}
