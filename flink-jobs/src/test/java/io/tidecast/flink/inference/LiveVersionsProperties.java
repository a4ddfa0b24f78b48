package io.tidecast.flink.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.record.IssuedForecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Commands at random, some of them of models that do not load or do not work, in a subtask that is
 * killed at random and goes on from its last checkpoint. What was read after it is read again, and
 * what was written after it is not seen. Each task is answered once, in order, and the version that
 * answers is the one that the events of switches say.
 */
@Timeout(120)
class LiveVersionsProperties {

  private static final int TRIALS = 40;
  private static final int MOST_TRIALS = 10 * TRIALS;
  private static final int STEPS = 60;

  /** What comes in: one of them is there. */
  private record Step(String series, long origin, ModelCommand command, long watermark) {}

  /** What is seen by whoever reads what was committed. */
  private record Seen(List<IssuedForecast> forecasts, List<ModelEvent> events) {}

  @AfterEach
  void reset() {
    TestingVersions.reset();
  }

  @Test
  void shouldAnswerEachTaskOnceByTheVersionThatTheEventsSay() throws Exception {
    int switches = 0;
    int fallbacks = 0;
    // How soon a version is there is up to the thread that loads it, and with that how many
    // switches
    // are seen: there are more trials where the first have shown too few.
    for (int seed = 0;
        seed < TRIALS || (seed < MOST_TRIALS && (switches <= TRIALS || fallbacks == 0));
        seed++) {
      TestingVersions.reset();
      for (ModelFaultsTest.Fault fault : ModelFaultsTest.Fault.values()) {
        TestingVersions.put(
            fault.name(), new ModelFaultsTest.FaultyModel(fault), "sha-" + fault.name());
      }
      Random random = new Random(seed);
      List<Step> steps = steps(random);
      Seen seen = run(steps, random);

      assertThat(seen.forecasts())
          .as("seed %d", seed)
          .extracting(each -> each.series() + " " + each.originMillis())
          .containsExactlyElementsOf(
              steps.stream()
                  .filter(step -> step.series() != null)
                  .map(step -> step.series() + " " + step.origin())
                  .toList());
      TreeMap<Long, String> turns = turns(seen.events());
      for (IssuedForecast forecast : seen.forecasts()) {
        if (!forecast.fallback()) {
          assertThat(forecast.issuer().modelVersion())
              .as("seed %d, %s", seed, forecast)
              .isEqualTo(turns.floorEntry(forecast.originMillis()).getValue());
        }
      }
      switches += turns.size() - 1;
      fallbacks += (int) seen.forecasts().stream().filter(IssuedForecast::fallback).count();
    }
    assertThat(switches).as("of all trials").isGreaterThan(TRIALS);
    assertThat(fallbacks).as("of all trials").isPositive();
  }

  /** Which version answers from where on, as whoever reads the events knows it. */
  private static TreeMap<Long, String> turns(List<ModelEvent> events) {
    TreeMap<Long, String> turns = new TreeMap<>();
    turns.put(KeptSlot.NEVER, "own");
    for (ModelEvent event : events) {
      if (event.kind() == ModelEvent.Kind.SWITCHED) {
        Long from = event.fromOriginMillis();
        long first = from == null ? KeptSlot.NEVER : from;
        if (from != null || event.commandId() != null) {
          turns.tailMap(first, true).clear();
          turns.put(first, event.version().modelVersion());
        }
      }
    }
    return turns;
  }

  private static List<Step> steps(Random random) {
    List<Step> steps = new ArrayList<>();
    long now = 1;
    for (int i = 0; i < STEPS; i++) {
      int kind = random.nextInt(10);
      if (kind < 6) {
        // All series are at about the same time; what the watermark has passed is over.
        steps.add(new Step("s" + random.nextInt(3), now + random.nextInt(3), null, 0));
        now += random.nextInt(2);
      } else if (kind < 9) {
        steps.add(new Step(null, 0, command("c" + i, now, random), 0));
      } else {
        steps.add(new Step(null, 0, null, now - 1));
      }
    }
    return steps;
  }

  private static ModelCommand command(String id, long now, Random random) {
    ModelFaultsTest.Fault[] faults = ModelFaultsTest.Fault.values();
    String place =
        switch (random.nextInt(8)) {
          case 0 -> faults[random.nextInt(faults.length)].name();
          case 1 -> "missing";
          default -> "v" + random.nextInt(4);
        };
    ModelCommand.Action action =
        switch (random.nextInt(8)) {
          case 0 -> ModelCommand.Action.LOAD;
          case 1 -> ModelCommand.Action.SHADOW;
          case 2 -> ModelCommand.Action.ROLL_BACK;
          case 3 -> ModelCommand.Action.RETIRE;
          default -> ModelCommand.Action.ACTIVATE;
        };
    boolean switches =
        action == ModelCommand.Action.ACTIVATE || action == ModelCommand.Action.ROLL_BACK;
    return new ModelCommand(
        id,
        action,
        "default",
        action == ModelCommand.Action.ROLL_BACK ? null : place,
        random.nextBoolean() || !place.startsWith("v") || action == ModelCommand.Action.ROLL_BACK
            ? null
            : "sha-" + place,
        switches && random.nextInt(4) == 0 ? now + random.nextInt(10) : null);
  }

  private static Seen run(List<Step> steps, Random random) throws Exception {
    Seen seen = new Seen(new ArrayList<>(), new ArrayList<>());
    CommandHarness harness = start(null);
    OperatorSubtaskState checkpoint = null;
    int goOnAt = 0;
    // Of this run, what was committed with a checkpoint.
    int forecasts = 0;
    int events = 0;
    int kills = 3;
    for (int at = 0; at < steps.size(); at++) {
      Step step = steps.get(at);
      if (step.command() != null) {
        harness.command(step.command());
      } else if (step.series() != null) {
        harness.process(step.series(), step.origin());
      } else {
        harness.watermark(step.watermark());
      }
      switch (random.nextInt(8)) {
        case 0, 1 -> harness.catchUp();
        case 2 -> harness.drain();
        case 3 -> {
          checkpoint = harness.snapshot();
          goOnAt = at + 1;
          seen.forecasts().addAll(rest(harness.issued(), forecasts));
          seen.events().addAll(rest(harness.events(), events));
          forecasts = harness.issued().size();
          events = harness.events().size();
        }
        case 4 -> {
          if (kills-- > 0) {
            harness.close();
            harness = start(checkpoint);
            forecasts = 0;
            events = 0;
            at = goOnAt - 1;
          }
        }
        default -> {}
      }
    }
    harness.drain();
    seen.forecasts().addAll(rest(harness.issued(), forecasts));
    seen.events().addAll(rest(harness.events(), events));
    harness.close();
    return seen;
  }

  private static CommandHarness start(OperatorSubtaskState checkpoint) throws Exception {
    return CommandHarness.start(
        TestingVersions.slots(),
        CommandHarness.Subtask.ONLY,
        CommandHarness.options(OnFailure.FALLBACK),
        checkpoint);
  }

  private static <T> List<T> rest(List<T> all, int from) {
    return all.subList(from, all.size());
  }
}
