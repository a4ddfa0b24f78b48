package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a subtask remembers of a slot whose versions come and go. It is in savepoints.
 *
 * <p>Commands are counted as they come, which all subtasks do alike, so their numbers say which is
 * which when the states of several subtasks are made one.
 *
 * @param slot its name
 * @param own the version that the job file named at the time
 * @param greatestOriginMillis of all tasks; {@link #NEVER} where there was none
 * @param finished number of the last command for the slot that was followed, refused or failed; 0
 *     where there was none
 * @param turns which version answers from which origin on, ascending by origin and number
 * @param previous the version to which the slot can be given back; null where there is none
 * @param commands what is to be done from here on, in order: again for versions that are held ready
 *     or are shadows, and for the first time for commands that were not finished
 */
public record KeptSlot(
    String slot,
    VersionKey own,
    long greatestOriginMillis,
    long finished,
    List<Turn> turns,
    @Nullable VersionKey previous,
    List<Numbered> commands) {

  /** Before every origin. */
  public static final long NEVER = Long.MIN_VALUE;

  /**
   * A version answers from an origin on, until the next one does.
   *
   * @param number of the command that said so; 0 for the job file
   * @param commandId of the command; null for the job file
   * @param fromOriginMillis {@link #NEVER} where it answers whatever comes
   */
  public record Turn(
      long number, @Nullable String commandId, VersionKey version, long fromOriginMillis) {

    public Turn {
      requireNonNull(version, "version is null");
    }

    /**
     * Of one turn in two subtasks. One that had seen no origin has no say in where it begins.
     *
     * @return the one that begins earlier
     */
    private static Turn earlier(Turn one, Turn other) {
      if (one.fromOriginMillis == NEVER) {
        return other;
      }
      return other.fromOriginMillis == NEVER || one.fromOriginMillis <= other.fromOriginMillis
          ? one
          : other;
    }
  }

  /** A command with its number. */
  public record Numbered(long number, ModelCommand command) {

    public Numbered {
      requireNonNull(command, "command is null");
    }
  }

  public KeptSlot {
    requireNonNull(slot, "slot is null");
    requireNonNull(own, "own is null");
    turns = List.copyOf(turns);
    commands = List.copyOf(commands);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("must have a version that answers: slot=" + slot);
    }
  }

  /** The last turn, which is the one of the active version. */
  public Turn active() {
    return turns.get(turns.size() - 1);
  }

  /** Tells whether anything has come of commands. */
  public boolean isOwnAlone() {
    return active().version().equals(own) && previous == null && commands.isEmpty();
  }

  /**
   * The same where the model of the job file is at another place now.
   *
   * @param now the same model at the place where it is
   */
  public KeptSlot moved(VersionKey now) {
    return new KeptSlot(
        slot,
        now,
        greatestOriginMillis,
        finished,
        turns.stream()
            .map(
                turn ->
                    turn.version().equals(own)
                        ? new Turn(turn.number(), turn.commandId(), now, turn.fromOriginMillis())
                        : turn)
            .toList(),
        own.equals(previous) ? now : previous,
        commands);
  }

  /**
   * Makes one of what all subtasks remember of a slot. The subtask that has come furthest says what
   * is still to be done; each turn begins where it began first, so that no series goes back to a
   * version that it has left.
   *
   * @param ofSubtasks at least one, of one slot and run of a job
   */
  public static KeptSlot merge(List<KeptSlot> ofSubtasks) {
    KeptSlot furthest =
        ofSubtasks.stream()
            .max(
                Comparator.comparingLong(KeptSlot::finished)
                    .thenComparingLong(kept -> kept.active().number()))
            .orElseThrow();
    long greatest = NEVER;
    TreeMap<Long, Turn> byNumber = new TreeMap<>();
    for (KeptSlot kept : ofSubtasks) {
      greatest = Math.max(greatest, kept.greatestOriginMillis);
      kept.turns.forEach(turn -> byNumber.merge(turn.number(), turn, Turn::earlier));
    }
    List<Turn> turns = new ArrayList<>();
    for (Turn turn : byNumber.values()) {
      while (!turns.isEmpty()
          && turns.get(turns.size() - 1).fromOriginMillis() >= turn.fromOriginMillis()) {
        turns.remove(turns.size() - 1);
      }
      turns.add(turn);
    }
    return new KeptSlot(
        furthest.slot,
        furthest.own,
        greatest,
        furthest.finished,
        turns,
        furthest.previous,
        furthest.commands);
  }
}
