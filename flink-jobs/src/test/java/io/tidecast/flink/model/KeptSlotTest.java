package io.tidecast.flink.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidecast.flink.model.KeptSlot.Numbered;
import io.tidecast.flink.model.KeptSlot.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What several subtasks remember of a slot, made one. */
class KeptSlotTest {

  private static final VersionKey OWN = key("own");

  @Test
  void shouldBeginEachTurnWhereItBeganFirst() {
    KeptSlot merged =
        merge(
            kept(1, 90, null, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100)),
            kept(1, 70, null, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 80)));
    assertThat(merged.turns())
        .containsExactly(turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 80));
    assertThat(merged.greatestOriginMillis()).isEqualTo(90);
  }

  /** A subtask without series would have it answer what others have answered by another one. */
  @Test
  void shouldNotAskASubtaskThatHasSeenNothingWhereToBegin() {
    KeptSlot seen = kept(1, 90, null, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100));
    KeptSlot none = kept(1, KeptSlot.NEVER, null, turn(1, "v2", KeptSlot.NEVER));
    for (KeptSlot merged : List.of(merge(seen, none), merge(none, seen))) {
      assertThat(merged.turns())
          .containsExactly(turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100));
    }
    assertThat(merge(none, none).turns()).containsExactly(turn(1, "v2", KeptSlot.NEVER));
  }

  @Test
  void shouldKeepVersionsThatSomeSubtaskStillNeeds() {
    KeptSlot merged =
        merge(
            kept(1, 90, null, turn(1, "v2", 100)),
            kept(1, 90, null, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100)));
    assertThat(merged.turns())
        .containsExactly(turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100));
  }

  @Test
  void shouldTakeBackWhatALaterCommandTookBackInAnySubtask() {
    KeptSlot merged =
        merge(
            kept(1, 90, OWN, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 500)),
            kept(2, 95, null, turn(0, "own", KeptSlot.NEVER), turn(2, "own", 96)));
    assertThat(merged.turns())
        .containsExactly(turn(0, "own", KeptSlot.NEVER), turn(2, "own", 96));
    assertThat(merged.previous()).isNull();
    assertThat(merged.finished()).isEqualTo(2);
  }

  @Test
  void shouldGoOnWithTheCommandsOfWhoeverHasComeFurthest() {
    Numbered first = new Numbered(1, load("c1"));
    Numbered second = new Numbered(2, load("c2"));
    KeptSlot merged =
        merge(
            kept(0, 1, List.of(first, second)),
            kept(1, 1, List.of(second)),
            kept(0, 1, List.of(first, second)));
    assertThat(merged.commands()).containsExactly(second);
    assertThat(merged.finished()).isEqualTo(1);
  }

  /** The other has failed on the same command. */
  @Test
  void shouldPreferTheSubtaskThatCouldFollow() {
    KeptSlot failed = kept(1, 90, null, turn(0, "own", KeptSlot.NEVER));
    KeptSlot followed =
        kept(1, 90, OWN, turn(0, "own", KeptSlot.NEVER), turn(1, "v2", 100));
    for (KeptSlot merged : List.of(merge(failed, followed), merge(followed, failed))) {
      assertThat(merged.active()).isEqualTo(turn(1, "v2", 100));
      assertThat(merged.previous()).isEqualTo(OWN);
    }
  }

  @Test
  void shouldTellWhetherAnythingHasComeOfCommands() {
    Turn own = turn(0, "own", KeptSlot.NEVER);
    assertThat(kept(3, 90, null, own).isOwnAlone()).isTrue();
    assertThat(kept(3, 90, key("v2"), own).isOwnAlone()).isFalse();
    assertThat(kept(3, 90, null, turn(1, "v2", 9)).isOwnAlone()).isFalse();
    assertThat(kept(0, 90, List.of(new Numbered(1, load("c1")))).isOwnAlone()).isFalse();
  }

  @Test
  void shouldHaveAVersionThatAnswers() {
    assertThatThrownBy(() -> kept(0, 0, (VersionKey) null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have a version that answers: slot=default");
  }

  private static KeptSlot merge(KeptSlot... kept) {
    return KeptSlot.merge(List.of(kept));
  }

  private static KeptSlot kept(
      long finished, long greatest, @Nullable VersionKey previous, Turn... turns) {
    return new KeptSlot(
        "default", OWN, greatest, finished, List.of(turns), previous, List.of());
  }

  private static KeptSlot kept(long finished, long greatest, List<Numbered> commands) {
    return new KeptSlot(
        "default",
        OWN,
        greatest,
        finished,
        List.of(turn(0, "own", KeptSlot.NEVER)),
        null,
        commands);
  }

  private static Turn turn(long number, String version, long from) {
    return new Turn(number, number == 0 ? null : "c" + number, key(version), from);
  }

  private static VersionKey key(String version) {
    return new VersionKey(version, "sha-" + version);
  }

  private static ModelCommand load(String id) {
    return new ModelCommand(id, ModelCommand.Action.LOAD, "default", "v9", null, null);
  }
}
