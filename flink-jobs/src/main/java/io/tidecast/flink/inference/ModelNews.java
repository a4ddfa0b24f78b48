package io.tidecast.flink.inference;

import io.tidecast.flink.grid.MillisClock;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.model.KeptSlot;
import io.tidecast.flink.model.LoadStage;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import io.tidecast.flink.model.ModelEvent.Kind;
import java.util.function.Consumer;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/** Tells what happens to the models of one subtask, and counts it. One thread. */
final class ModelNews {

  private final MillisClock clock;
  private final TaskInfo subtask;
  private final Counter switches;
  private final Counter failed;
  private final Counter refused;
  private final Consumer<ModelEvent> told;

  /**
   * @param told is given each event
   */
  ModelNews(MillisClock clock, TaskInfo subtask, JobMetrics metrics, Consumer<ModelEvent> told) {
    this.clock = clock;
    this.subtask = subtask;
    this.switches = metrics.counter(JobMetric.MODEL_SWITCHES);
    this.failed = metrics.counter(JobMetric.FAILED_LOADS);
    this.refused = metrics.counter(JobMetric.REFUSED_COMMANDS);
    this.told = told;
  }

  /** Something happened to a version. */
  void happened(Kind kind, String slot, @Nullable String commandId, ServedVersion version) {
    tell(kind, slot, commandId, version.named(), null, null, null);
  }

  /**
   * A command has given a slot to a version.
   *
   * @param fromOriginMillis {@link KeptSlot#NEVER} for whatever comes
   */
  void given(String slot, String commandId, ServedVersion version, long fromOriginMillis) {
    switches.inc();
    answers(slot, commandId, version, fromOriginMillis);
  }

  /**
   * A version answers, as it did before.
   *
   * @param fromOriginMillis {@link KeptSlot#NEVER} for whatever comes
   */
  void answers(
      String slot, @Nullable String commandId, ServedVersion version, long fromOriginMillis) {
    Long from = fromOriginMillis == KeptSlot.NEVER ? null : fromOriginMillis;
    tell(Kind.SWITCHED, slot, commandId, version.named(), from, null, null);
  }

  /** A version could not be had. */
  void failed(ModelCommand command, ModelEvent.Version version, LoadStage stage, String reason) {
    failed.inc();
    tell(Kind.FAILED, command.slot(), command.id(), version, null, stage, reason);
  }

  /**
   * A command is not followed.
   *
   * @param slot null where the one of the command is none
   */
  void refused(@Nullable String slot, ModelCommand command, String reason) {
    refused.inc();
    String place = command.place();
    ModelEvent.Version version =
        place == null ? null : new ModelEvent.Version(place, null, null, command.sha256());
    tell(Kind.REFUSED, slot, command.id(), version, null, null, reason);
  }

  private void tell(
      Kind kind,
      @Nullable String slot,
      @Nullable String commandId,
      ModelEvent.@Nullable Version version,
      @Nullable Long fromOriginMillis,
      @Nullable LoadStage stage,
      @Nullable String reason) {
    told.accept(
        new ModelEvent(
            clock.millis(),
            kind,
            slot,
            commandId,
            version,
            fromOriginMillis,
            stage,
            reason,
            subtask.getIndexOfThisSubtask(),
            subtask.getNumberOfParallelSubtasks()));
  }
}
