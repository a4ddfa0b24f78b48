package io.tidecast.cli.run;

import io.tidecast.cli.console.Failures;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.run.FailureCause.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Explains failures that have to do with the state of a job: Flink says that checkpoints fail, or
 * that an operator was not restored, and nothing of the disk.
 */
final class CheckpointAdvice {

  /** Where so much does not fit, the disk is full, bytes. */
  private static final int TRIAL_BYTES = 64 * 1024;

  /** How Flink begins the failure of a job whose checkpoints fail. */
  private static final String FAILED = "Exceeded checkpoint tolerable failure threshold";

  /** How Flink begins the failure of a task that cannot read its state. */
  private static final String NOT_RESTORED = "Exception while creating StreamOperatorStateContext";

  private final EmbeddedFlink.Job job;
  private final RunState state;

  CheckpointAdvice(EmbeddedFlink.Job job, RunState state) {
    this.job = job;
    this.state = state;
  }

  /** Explains a failure; empty if it has nothing to do with the state. */
  Optional<FailureCause> cause(Throwable failure) {
    if (Failures.says(failure, FAILED)) {
      return Optional.of(
          new FailureCause(
              Kind.PASSES,
              "checkpoint",
              "no checkpoint could be written: %s: %s; make room or give the right, nothing is committed until then"
                  .formatted(state.named(), whyNotWritten())));
    }
    if (Failures.says(failure, NOT_RESTORED)) {
      return Optional.of(
          new FailureCause(
              Kind.STAYS,
              "restore",
              "state could not be read: %s: %s; if a file of it is damaged, take that checkpoint away, or begin without state with --anew"
                  .formatted(
                      job.restoredFrom().orElse(state.folder().toString()),
                      Failures.text(failure))));
    }
    return Optional.empty();
  }

  /** Tries the folder; where that goes well, asks Flink. */
  private String whyNotWritten() {
    Path trial = state.folder().resolve("trial");
    try {
      Files.createDirectories(state.folder());
      Files.write(trial, new byte[TRIAL_BYTES]);
      return job.failedCheckpoint().map(Failures::sentence).orElse("unknown")
          + " (--debug shows Flink's log)";
    } catch (IOException e) {
      return Failures.text(e);
    } finally {
      delete(trial);
    }
  }

  private static void delete(Path trial) {
    try {
      Files.deleteIfExists(trial);
    } catch (IOException e) {
      // It was never written, or the next trial replaces it.
    }
  }
}
