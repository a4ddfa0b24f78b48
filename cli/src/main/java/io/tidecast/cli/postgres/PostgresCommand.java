package io.tidecast.cli.postgres;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.cli.job.KafkaPreflight;
import io.tidecast.flink.config.ConfigException;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.postgres.PostgresCopier;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast postgres}. */
@Command(
    name = "postgres",
    description = {
      "Copy what a job writes to its topics into the PostgreSQL database of 'postgres.url', until Ctrl-C. "
          + "The job itself runs elsewhere, such as on a Flink cluster; 'tidecast run' does both.",
      "Several of these share the work. Each record is copied once, also after a failure, and a database that "
          + "is away is waited for."
    },
    mixinStandardHelpOptions = true)
public final class PostgresCommand implements Callable<Integer> {

  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration REPORT = Duration.ofMinutes(1);

  /** As long as a run gives Kafka for an answer. */
  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(names = "--once", description = "Copy what is in the topics now, and end.")
  private boolean once;

  @Override
  public Integer call() {
    JobConfig config = job.load();
    if (config.postgres() == null) {
      throw new ConfigException(
          List.of("must be given, for it says where to copy to: postgres.url"));
    }
    KafkaPreflight.checkCopying(config, KAFKA_PATIENCE);
    try (StopSignal stop = StopSignal.install();
        Copying copying = Copying.begin(config, this::say)) {
      PostgresCopier copier = copying.copier();
      if (copier == null) {
        throw new IllegalStateException("must have begun");
      }
      if (once) {
        copying.finish(stop);
        return stop.requested() ? stop.exitCode() : exitCode(copier);
      }
      long reported = System.nanoTime();
      long records = -1;
      while (!stop.await(INTERVAL)) {
        if (copier.isEnded()) {
          return exitCode(copier);
        }
        long now = System.nanoTime();
        if (now - reported >= REPORT.toNanos() && copier.figures().records() != records) {
          reported = now;
          records = copier.figures().records();
          say(
              String.format(
                  Locale.ROOT,
                  "%s %,d records are still to be copied.",
                  Copying.described(copier.figures()),
                  copier.figures().lagRecords()));
        }
      }
      copying.stop();
      return stop.exitCode();
    }
  }

  /** That of a copy that has ended by itself. */
  private static int exitCode(PostgresCopier copier) {
    if (copier.failure().isPresent()) {
      throw new CliException(copier.failure().get());
    }
    return copier.isEnded() && copier.figures().awayMillis() == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
