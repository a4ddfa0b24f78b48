package io.tidecast.cli.swap;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.model.ModelCommand;
import io.tidecast.flink.model.ModelEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a job has followed a command: every subtask says so for itself. One thread.
 *
 * <p>A job that was restarted says the same again, and may have another number of subtasks.
 */
final class Following {

  private final ModelCommand command;
  private final TreeSet<Integer> done = new TreeSet<>();
  private int parallelism;
  private @Nullable String problem;
  private boolean ready;

  Following(ModelCommand command) {
    this.command = command;
  }

  /** Takes note of an event, and says it in words; empty for one of something else. */
  Optional<String> add(ModelEvent event) {
    if (!command.id().equals(event.commandId())) {
      return Optional.empty();
    }
    if (event.parallelism() != parallelism) {
      parallelism = event.parallelism();
      done.clear();
    }
    String said =
        switch (event.kind()) {
          case READY -> "is ready";
          case SWITCHED -> "answers " + origin(event);
          case SHADOWED -> "forecasts beside the one that answers";
          case RETIRED -> "is closed";
          case FAILED ->
              "failed%s: %s"
                  .formatted(
                      event.stage() == null ? "" : " at " + Spelling.of(event.stage()),
                      event.reason());
          case REFUSED -> "was refused: " + event.reason();
          case PROMOTED -> "has won the slot";
          case PROPOSED -> "would win the slot";
          case KEPT -> "keeps the slot";
          case OUTDONE -> "is worse than the seasonal naive";
        };
    String line =
        "subtask %d of %d: %s %s".formatted(event.subtask() + 1, parallelism, subject(event), said);
    if (event.kind() == ModelEvent.Kind.FAILED || event.kind() == ModelEvent.Kind.REFUSED) {
      problem = line;
    }
    ready |= event.kind() == ModelEvent.Kind.READY;
    if (event.kind() == last()) {
      done.add(event.subtask());
    }
    return Optional.of(line);
  }

  /** What a subtask says last of a command that it follows. */
  private ModelEvent.Kind last() {
    return switch (command.action()) {
      case LOAD -> ModelEvent.Kind.READY;
      case ACTIVATE, ROLL_BACK -> ModelEvent.Kind.SWITCHED;
      case SHADOW -> ModelEvent.Kind.SHADOWED;
      case RETIRE -> ModelEvent.Kind.RETIRED;
    };
  }

  private String subject(ModelEvent event) {
    ModelEvent.Version version = event.version();
    if (event.kind() == ModelEvent.Kind.REFUSED) {
      return Spelling.of(command.action());
    }
    return version == null
        ? "the version"
        : version.modelId() == null
            ? version.place()
            : "%s, version %s,".formatted(version.modelId(), version.modelVersion());
  }

  private static String origin(ModelEvent event) {
    Long millis = event.fromOriginMillis();
    return millis == null ? "whatever comes" : "from origin " + Instant.ofEpochMilli(millis);
  }

  /** Whether every subtask has followed the command. */
  boolean isDone() {
    return parallelism > 0 && done.size() == parallelism;
  }

  /** Why it is not followed; null where nothing speaks against it. */
  @Nullable String problem() {
    return problem;
  }

  /** Says of a command that is followed by some subtasks, or none, how far that is. */
  String progress() {
    if (parallelism == 0) {
      return "no subtask of the job has said anything";
    }
    return "%d of %d subtasks have followed it%s"
        .formatted(
            done.size(), parallelism, ready && done.isEmpty() ? ", and the version is ready" : "");
  }

  /** Says of a command that is followed what is so now. */
  String result() {
    return (parallelism == 1 ? "Done: the subtask" : "Done: all %d subtasks".formatted(parallelism))
        + (parallelism == 1 ? " has followed it." : " have followed it.");
  }
}
