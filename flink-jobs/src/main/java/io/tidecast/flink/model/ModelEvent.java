package io.tidecast.flink.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What happened to a version of a model in one subtask: one record of the topic of events.
 *
 * @param timeMillis wall clock when it did
 * @param kind what happened
 * @param slot that it happened to; null where a command names none that there is
 * @param commandId of the command that it follows from; null for the job's own start or end
 * @param version what is known of the version; null where nothing is
 * @param fromOriginMillis for {@link Kind#SWITCHED}, the first origin that the version answers in
 *     this subtask, null where it answers whatever comes; null for others
 * @param stage for {@link Kind#FAILED}, how far it had come; null for others
 * @param reason for {@link Kind#FAILED} and {@link Kind#REFUSED}, why, in one sentence with what to
 *     do; null for others
 * @param subtask from 0
 * @param parallelism number of subtasks, each of which has events of its own
 */
public record ModelEvent(
    long timeMillis,
    Kind kind,
    @Nullable String slot,
    @Nullable String commandId,
    @Nullable Version version,
    @Nullable Long fromOriginMillis,
    @Nullable LoadStage stage,
    @Nullable String reason,
    int subtask,
    int parallelism) {

  /** What can happen. */
  public enum Kind {
    /** A version is checked and warm, and can be given traffic. */
    READY,
    /** A version answers, from an origin on. */
    SWITCHED,
    /** A version forecasts beside the one that answers. */
    SHADOWED,
    /** A version has answered its last window and is closed. */
    RETIRED,
    /** A version could not be loaded; what answered before goes on answering. */
    FAILED,
    /** A command was understood, and not followed. */
    REFUSED
  }

  /**
   * Which version.
   *
   * @param place where it was read from
   * @param modelId of its manifest; null until it is read
   * @param modelVersion of its manifest; null until it is read
   * @param sha256 of its {@code model.onnx}; null until it is read
   */
  public record Version(
      String place,
      @Nullable String modelId,
      @Nullable String modelVersion,
      @Nullable String sha256) {

    public Version {
      requireNonNull(place, "place is null");
    }
  }

  public ModelEvent {
    requireNonNull(kind, "kind is null");
  }
}
