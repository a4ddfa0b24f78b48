package io.tidecast.cli.run;

import io.tidecast.cli.embedded.EmbeddedFlink;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells when nothing has been committed for a long time although the job goes on: Kafka's clients
 * wait for brokers and topics without a word. One thread uses it.
 */
final class CommitWatch {

  /** Checkpoints may be late by so many intervals, and by the shortest patience at least. */
  private static final int INTERVALS = 3;

  private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(15);

  private final Duration patience;
  private final LongSupplier checkpoints;
  private long known;
  private long sinceNanos;
  private boolean told;

  /**
   * @param interval from one checkpoint to the next
   * @param checkpoints counts those that are complete
   */
  CommitWatch(Duration interval, LongSupplier checkpoints, long nowNanos) {
    Duration late = interval.multipliedBy(INTERVALS);
    this.patience = late.compareTo(SHORTEST_PATIENCE) > 0 ? late : SHORTEST_PATIENCE;
    this.checkpoints = checkpoints;
    this.sinceNanos = nowNanos;
  }

  /** Watches a job; empty for one that commits at its end alone. */
  static Optional<CommitWatch> of(EmbeddedFlink.Job job, long nowNanos) {
    return job.checkpointInterval()
        .map(interval -> new CommitWatch(interval, job::completedCheckpoints, nowNanos));
  }

  /** Says that nothing is committed, once, and when that is over; nothing most of the time. */
  Optional<String> look(long nowNanos) {
    long completed = checkpoints.getAsLong();
    if (completed != known) {
      known = completed;
      sinceNanos = nowNanos;
      if (told) {
        told = false;
        return Optional.of("A checkpoint is complete again, and what waited for it is committed.");
      }
      return Optional.empty();
    }
    if (told || nowNanos - sinceNanos < patience.toNanos()) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(
        "No checkpoint has been completed for %d s, and nothing is committed until one is: look at the brokers of kafka.bootstrap-servers, at the topics, and at the disk of checkpoints.directory."
            .formatted(Duration.ofNanos(nowNanos - sinceNanos).toSeconds()));
  }
}
