package io.tidecast.cli.run;

import static java.util.Comparator.comparing;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.run.FailureCause.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what a job failed by, each time in one sentence, and decides whether it may go on: a cause
 * that can pass is waited for as long as it takes; one that stays the same with every try ends the
 * job, and so does one that nobody knows after some more tries. One thread uses it.
 */
final class FailureWatch {

  /** A cause that stays ends the job at its third failure. */
  private static final int TRIES = 3;

  /** A cause that is not known ends the job at its tenth failure. */
  private static final int TRIES_OF_UNKNOWN = 10;

  /** A failure later than this after the one before is the first of a new row. */
  private static final long ROW_MILLIS = Duration.ofMinutes(10).toMillis();

  private final EmbeddedFlink.Job job;
  private final CheckpointAdvice checkpoints;
  private final Map<String, Row> rows = new HashMap<>();
  private long toldMillis;
  private int restarts;

  /** Failures by the same cause, one soon after the other. */
  private record Row(long lastMillis, int failures) {}

  FailureWatch(EmbeddedFlink.Job job, CheckpointAdvice checkpoints) {
    this.job = job;
    this.checkpoints = checkpoints;
  }

  /**
   * Tells what has happened since it was asked last, a sentence for each failure.
   *
   * @throws CliException if the job has failed for good, or goes on no more
   */
  List<String> look() {
    job.endedBy()
        .ifPresent(
            failure -> {
              throw new CliException("the job has ended: " + cause(failure).sentence(), failure);
            });
    List<String> told = new ArrayList<>();
    for (EmbeddedFlink.Failure failure : job.failures(toldMillis)) {
      toldMillis = failure.atMillis();
      restarts++;
      FailureCause cause =
          failure.causes().stream()
              .map(this::cause)
              .min(comparing(FailureCause::kind))
              .orElseThrow();
      end(cause, failure);
      told.add(
          "Going on from %s, restart %d, after a failure: %s"
              .formatted(
                  job.restored() || job.completedCheckpoints() > 0
                      ? "the last checkpoint"
                      : "the start",
                  restarts,
                  cause.sentence()));
    }
    return told;
  }

  private FailureCause cause(Throwable failure) {
    return checkpoints.cause(failure).orElseGet(() -> FailureCause.of(failure));
  }

  private void end(FailureCause cause, EmbeddedFlink.Failure failure) {
    Row former = rows.get(cause.name());
    int failures =
        former == null || failure.atMillis() - former.lastMillis() > ROW_MILLIS
            ? 1
            : former.failures() + 1;
    rows.put(cause.name(), new Row(failure.atMillis(), failures));
    if (failures >= tries(cause.kind())) {
      throw new CliException(
          "the job has failed %d times in a row by the same cause, and ends: %s"
              .formatted(failures, cause.sentence()),
          failure.causes().get(0));
    }
  }

  private static int tries(Kind kind) {
    return switch (kind) {
      case STAYS -> TRIES;
      case UNKNOWN -> TRIES_OF_UNKNOWN;
      case PASSES, FOLLOWS -> Integer.MAX_VALUE;
    };
  }
}
