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
 * @param contest for {@link Kind#PROMOTED} and what follows it, the figures; null for others
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
    int parallelism,
    @Nullable Contest contest) {

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
    REFUSED,
    /** A version has won the slot, which a command of the job gives to it. */
    PROMOTED,
    /** A version has won the slot, and somebody may give it to it. */
    PROPOSED,
    /** The version that answers has been compared with another, and stays. */
    KEPT,
    /** The version that answers is worse than the seasonal naive. */
    OUTDONE
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

  /**
   * How a version has done beside another, over the same forecasts.
   *
   * @param metric by which they were compared
   * @param origins how many were compared
   * @param blocksWon parts of that time in which the version was off by less
   * @param blocksLost parts of that time in which it was off by more
   * @param pValue chance that of two that are equally good one wins as often as the one that does
   *     not have the slot has
   * @param loss mean loss of the version, where that of the seasonal naive one season ahead is 1
   * @param otherId of the model that it was compared with
   * @param otherVersion of that model; null for the seasonal naive
   * @param otherLoss mean loss of that model
   */
  public record Contest(
      String metric,
      int origins,
      int blocksWon,
      int blocksLost,
      double pValue,
      double loss,
      String otherId,
      @Nullable String otherVersion,
      double otherLoss) {

    public Contest {
      requireNonNull(metric, "metric is null");
      requireNonNull(otherId, "otherId is null");
    }
  }

  public ModelEvent {
    requireNonNull(kind, "kind is null");
  }

  /** Of a subtask. */
  public ModelEvent(
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
    this(
        timeMillis,
        kind,
        slot,
        commandId,
        version,
        fromOriginMillis,
        stage,
        reason,
        subtask,
        parallelism,
        null);
  }

  /** Of a contest, which one subtask judges. */
  public static ModelEvent of(
      Contest contest,
      long timeMillis,
      Kind kind,
      String slot,
      @Nullable String commandId,
      Version version) {
    return new ModelEvent(
        timeMillis, kind, slot, commandId, version, null, null, null, 0, 1, contest);
  }
}
