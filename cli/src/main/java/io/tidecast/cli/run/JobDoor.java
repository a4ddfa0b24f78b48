package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets one process of a job in, and tells the others who that is. */
final class JobDoor {

  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final RunState state;
  private final Consumer<String> say;

  JobDoor(RunState state, Consumer<String> say) {
    this.state = state;
    this.say = say;
  }

  /**
   * Takes the job.
   *
   * @throws CliException if another process has it, naming that
   */
  JobLock enter() {
    return take()
        .orElseThrow(
            () ->
                new CliException(
                    "another process has this job: %s; end that one first, stand by with --take-over, or set another job.name if this is another job"
                        .formatted(holder())));
  }

  /** Takes the job as soon as nobody else has it; empty if this process is stopped before. */
  Optional<JobLock> await(StopSignal stop) {
    Optional<JobLock> lock = take();
    if (lock.isEmpty()) {
      say.accept(
          "Standing by: %s has this job; this process takes over when that one ends."
              .formatted(holder()));
    }
    while (lock.isEmpty() && !stop.await(INTERVAL)) {
      lock = take();
      if (lock.isPresent()) {
        say.accept("Taking over.");
      }
    }
    return lock;
  }

  private Optional<JobLock> take() {
    try {
      Optional<JobLock> lock = JobLock.take(state.folder(), Instant.now());
      lock.flatMap(JobLock::former)
          .filter(JobLock.Holder::isElsewhere)
          .ifPresent(
              former ->
                  say.accept(
                      "Before this, %s had the job and did not give it back. If it still runs, end it: on a network file system it may not be seen from here."
                          .formatted(former)));
      return lock;
    } catch (IOException e) {
      throw state.unwritable(e);
    }
  }

  private String holder() {
    try {
      return JobLock.holder(state.folder()).map(JobLock.Holder::toString).orElse("a process");
    } catch (IOException e) {
      return "a process";
    }
  }
}
