package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done with the models of a running job: one record of the topic of commands.
 *
 * @param id by which events name it; the sender's, or made of where the record was in the topic
 * @param action what is to be done
 * @param slot that it is about
 * @param place of the version, a path or a URI; null for {@link Action#ROLL_BACK}, which has none
 * @param sha256 that its {@code model.onnx} must have, lower-case hexadecimal; null for any
 * @param fromOriginMillis the first origin that it answers, no earlier than the next one; null for
 *     the first after it is ready. Only with {@link Action#ACTIVATE} and {@link Action#ROLL_BACK}
 */
public record ModelCommand(
    String id,
    Action action,
    String slot,
    @Nullable String place,
    @Nullable String sha256,
    @Nullable Long fromOriginMillis) {

  /** What can be done. */
  public enum Action {
    /** Fetches a version, checks and warms it, and keeps it ready without any traffic. */
    LOAD,
    /** Gives the slot to a version, which is loaded first if it is not. */
    ACTIVATE,
    /**
     * Has a version forecast beside the slot's own, for the same series; it is loaded if need be.
     */
    SHADOW,
    /** Gives the slot back to the version that had it before. */
    ROLL_BACK,
    /** Closes a version that is loaded or a shadow; the active one can't be. */
    RETIRE
  }

  public ModelCommand {
    requireNonNull(id, "id is null");
    requireNonNull(action, "action is null");
    requireNonNull(slot, "slot is null");
    if ((place == null) != (action == Action.ROLL_BACK)) {
      throw new IllegalArgumentException(
          "must have a place, unless it rolls back: action=%s, place=%s".formatted(action, place));
    }
    if (fromOriginMillis != null && action != Action.ACTIVATE && action != Action.ROLL_BACK) {
      throw new IllegalArgumentException("must not have a fromOrigin: action=" + action);
    }
  }
}
