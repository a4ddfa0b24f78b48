package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedFlink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Watches a job until it ends, or somebody ends it, and tells what happens. One thread uses it. */
final class JobRun {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final EmbeddedFlink.Job job;
  private final RunState state;
  private final FailureWatch failures;
  private final RunProgress progress;
  private final Consumer<String> say;

  /**
   * @param say tells a line
   */
  JobRun(EmbeddedFlink.Job job, RunState state, RunProgress progress, Consumer<String> say) {
    this.job = job;
    this.state = state;
    this.failures = new FailureWatch(job, new CheckpointAdvice(job, state));
    this.progress = progress;
    this.say = say;
  }

  /**
   * Returns the exit code when the job has ended well, or was stopped.
   *
   * @throws CliException if it has ended in any other way
   */
  int untilItEnds(StopSignal stop) {
    Optional<CommitWatch> commits = Optional.empty();
    while (!stop.await(INTERVAL)) {
      failures.look().forEach(say);
      if (job.finished()) {
        progress.end(System.nanoTime()).forEach(say);
        return progress.exitCode();
      }
      if (commits.isEmpty()) {
        commits = CommitWatch.of(job, System.nanoTime());
      }
      commits.flatMap(watch -> watch.look(System.nanoTime())).ifPresent(say);
      progress.lines(System.nanoTime()).forEach(say);
    }
    stop();
    return stop.exitCode();
  }

  private void stop() {
    say.accept("Stopping ...");
    failures.look().forEach(say);
    if (job.finished()) {
      progress.end(System.nanoTime()).forEach(say);
      return;
    }
    try {
      if (!job.running()) {
        throw new CliException("it was between two tries");
      }
      Path savepoint = job.stop(state.folder());
      progress.end(System.nanoTime()).forEach(say);
      say.accept("Started again, the job goes on from " + savepoint);
      say.accept(progress.end("Stopped; all forecasts that were made are committed"));
    } catch (CliException e) {
      List<Path> kept = state.checkpoints();
      throw new CliException(
          "the job has stopped without a last commit, for %s; started again, it goes on from %s and reads again what came after"
              .formatted(e.getMessage(), kept.isEmpty() ? "its start" : kept.get(0)),
          e);
    }
  }
}
