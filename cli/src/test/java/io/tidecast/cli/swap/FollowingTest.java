package io.tidecast.cli.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelCommand.Action;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowingTest {

  private static final ModelEvent.Version DEMAND =
      new ModelEvent.Version("s3://models/demand/3", "demand", "3", null);

  @Test
  void shouldBeDoneWhenEverySubtaskHasSwitched() {
    Following following = new Following(command(Action.ACTIVATE));
    assertThat(following.isDone()).isFalse();
    assertThat(following.progress()).isEqualTo("no subtask of the job has said anything");

    assertThat(following.add(event(Kind.READY, 0, 2)))
        .hasValue("subtask 1 of 2: demand, version 3, is ready");
    assertThat(following.progress())
        .isEqualTo("0 of 2 subtasks have followed it, and the version is ready");
    assertThat(following.add(event(Kind.SWITCHED, 0, 2)))
        .hasValue("subtask 1 of 2: demand, version 3, answers from origin 2026-11-30T00:00:00Z");
    following.add(event(Kind.SWITCHED, 0, 2));
    assertThat(following.isDone()).as("the other has not").isFalse();
    assertThat(following.progress()).isEqualTo("1 of 2 subtasks have followed it");
    following.add(event(Kind.SWITCHED, 1, 2));
    assertThat(following.isDone()).isTrue();
    assertThat(following.problem()).isNull();
    assertThat(following.result()).isEqualTo("Done: all 2 subtasks have followed it.");
  }

  @ParameterizedTest
  @CsvSource({
    "LOAD, READY",
    "ACTIVATE, SWITCHED",
    "SHADOW, SHADOWED",
    "ROLL_BACK, SWITCHED",
    "RETIRE, RETIRED"
  })
  void shouldWaitForWhatASubtaskSaysLast(Action action, Kind last) {
    for (Kind kind : List.of(Kind.READY, Kind.SWITCHED, Kind.SHADOWED, Kind.RETIRED)) {
      Following following = new Following(command(action));
      following.add(event(kind, 0, 1));
      assertThat(following.isDone()).as("%s", kind).isEqualTo(kind == last);
    }
  }

  @Test
  void shouldSayThatASubtaskHasSeenNoOriginYet() {
    ModelEvent switched =
        new ModelEvent(0, Kind.SWITCHED, "default", "c-1", DEMAND, null, null, null, 0, 1);
    assertThat(new Following(command(Action.ACTIVATE)).add(switched))
        .hasValue("subtask 1 of 1: demand, version 3, answers whatever comes");
  }

  @Test
  void shouldPassOverWhatFollowsFromOtherCommands() {
    Following following = new Following(command(Action.LOAD));
    assertThat(following.add(event(Kind.READY, null, 0, 1))).isEmpty();
    assertThat(following.add(event(Kind.READY, "c-2", 0, 1))).isEmpty();
    assertThat(following.isDone()).isFalse();
  }

  @Test
  void shouldSayWhyACommandIsNotFollowed() {
    Following failed = new Following(command(Action.LOAD));
    ModelEvent.Version unread = new ModelEvent.Version("s3://models/demand/3", null, null, null);
    assertThat(
            failed.add(
                new ModelEvent(
                    0, Kind.FAILED, "default", "c-1", unread, null, LoadStage.FIT, "why", 1, 2)))
        .hasValue("subtask 2 of 2: s3://models/demand/3 failed at fit: why");
    assertThat(failed.problem()).isNotNull();
    assertThat(failed.isDone()).isFalse();

    Following refused = new Following(command(Action.ROLL_BACK));
    assertThat(
            refused.add(
                new ModelEvent(0, Kind.REFUSED, null, "c-1", null, null, null, "why", 0, 2)))
        .hasValue("subtask 1 of 2: roll-back was refused: why");
    assertThat(refused.problem()).isNotNull();
  }

  @Test
  void shouldCountAnewWhereTheJobWasRescaled() {
    Following following = new Following(command(Action.LOAD));
    following.add(event(Kind.READY, 0, 2));
    following.add(event(Kind.READY, 0, 1));
    assertThat(following.isDone()).isTrue();
  }

  @Test
  void shouldReadEveryEventThatTheJobWrites() throws Exception {
    EventJson json = new EventJson();
    List<String> examples =
        Files.readAllLines(
            Path.of(System.getProperty("tidecast.root"))
                .resolve("schemas/src/test/resources/io/tidecast/schemas/model-events-1.jsonl"));
    List<ModelEvent> events =
        examples.stream().map(line -> json.read(utf8(line)).orElseThrow()).toList();

    assertThat(events).extracting(ModelEvent::kind).containsExactly(Kind.values());
    ModelEvent switched = events.get(1);
    assertThat(switched.fromOriginMillis())
        .isEqualTo(Instant.parse("2026-11-30T00:00:00Z").toEpochMilli());
    assertThat(switched.version().modelVersion()).isEqualTo("3");
    assertThat(switched.subtask()).isEqualTo(1);
    assertThat(events.get(4).stage()).isEqualTo(LoadStage.FETCH);
    assertThat(events.get(5).version()).isNull();
    assertThat(events.get(5).reason()).startsWith("must be a slot of the job");
    assertThat(events.get(6).contest())
        .isEqualTo(
            new ModelEvent.Contest("mae", 672, 13, 1, .00091552734375, .71, "demand", "2", .84));
    assertThat(events.get(5).contest()).isNull();
    assertThat(events.get(9).contest().otherVersion()).isNull();
  }

  @Test
  void shouldPassOverWhatIsNoEvent() {
    EventJson json = new EventJson();
    assertThat(json.read(null)).isEmpty();
    assertThat(json.read(utf8("{"))).isEmpty();
    assertThat(json.read(utf8("[]"))).isEmpty();
    assertThat(json.read(utf8("{\"kind\": \"born\", \"time\": \"2026-11-30T00:00:00Z\"}")))
        .isEmpty();
    assertThat(json.read(utf8("{\"kind\": \"ready\", \"time\": \"now\", \"parallelism\": 1}")))
        .isEmpty();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ModelCommand command(Action action) {
    return new ModelCommand(
        "c-1",
        action,
        "default",
        action == Action.ROLL_BACK ? null : "s3://models/demand/3",
        null,
        null);
  }

  private static ModelEvent event(Kind kind, int subtask, int parallelism) {
    return event(kind, "c-1", subtask, parallelism);
  }

  private static ModelEvent event(Kind kind, String commandId, int subtask, int parallelism) {
    return new ModelEvent(
        0,
        kind,
        "default",
        commandId,
        DEMAND,
        kind == Kind.SWITCHED ? (Long) Instant.parse("2026-11-30T00:00:00Z").toEpochMilli() : null,
        null,
        null,
        subtask,
        parallelism);
  }
}
