package io.tidecast.cli.postgres;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.postgres.CopyFigures;
import io.tidecast.postgres.PostgresCopier;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The copy of a job's topics in PostgreSQL, as people are told of it. Where the job file names no
 * database there is none, and nothing is said. One thread uses it.
 */
public final class Copying implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(200);

  /** A database that is away so long at the end of a job is not waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final @Nullable PostgresCopier copier;
  private final Consumer<String> say;

  private Copying(@Nullable PostgresCopier copier, Consumer<String> say) {
    this.copier = copier;
    this.say = say;
  }

  /**
   * Begins to copy if the job file says so, whether or not the database is there.
   *
   * @throws CliException if it cannot be begun
   */
  public static Copying begin(JobConfig config, Consumer<String> say) {
    if (config.postgres() == null) {
      return new Copying(null, say);
    }
    PostgresCopier copier;
    try {
      copier = PostgresCopier.start(config, say);
    } catch (IllegalStateException | KafkaException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    }
    say.accept(
        "Copying %s to PostgreSQL at %s."
            .formatted(String.join(", ", copier.topics()), copier.place()));
    return new Copying(copier, say);
  }

  /** Waits until all is copied that is in the topics now, within reason, and says what was done. */
  public void finish(StopSignal stop) {
    if (copier == null) {
      return;
    }
    copier.finish();
    await(copier, stop);
    boolean whole = copier.isEnded() && copier.failure().isEmpty();
    close();
    say.accept(
        described(copier.figures())
            + (whole
                ? ""
                : " Not all of it: the rest is copied when this job is run again, or by 'tidecast postgres'."));
  }

  /** Where somebody has ended the job already, no longer than for what is nearly done. */
  private static void await(PostgresCopier copier, StopSignal stop) {
    boolean stopped = stop.requested();
    long end = System.nanoTime() + STOP_PATIENCE.toNanos();
    while (!copier.isEnded() && copier.figures().awayMillis() < PATIENCE.toMillis()) {
      if (stopped) {
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
      if (stopped ? System.nanoTime() - end >= 0 : stop.await(INTERVAL)) {
        return;
      }
    }
  }

  /** What was done so far, in one sentence. */
  static String described(CopyFigures figures) {
    return String.format(
        Locale.ROOT,
        "Copied %,d records to PostgreSQL, %,d rows new or changed%s%s.",
        figures.records(),
        figures.rows(),
        figures.deadLetters() == 0
            ? ""
            : String.format(Locale.ROOT, ", %,d dead letters", figures.deadLetters()),
        figures.missedRecords() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %,d deleted from Kafka before", figures.missedRecords()));
  }

  @Nullable PostgresCopier copier() {
    return copier;
  }

  /** Ends it after the transaction under way, and says what was done. */
  void stop() {
    if (copier != null) {
      copier.close();
      say.accept(described(copier.figures()));
    }
  }

  /** Ends it after the transaction under way. */
  @Override
  public void close() {
    if (copier != null) {
      copier.close();
    }
  }
}
