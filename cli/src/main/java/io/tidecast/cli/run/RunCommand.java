package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.job.JobFileOption;
import io.tidecast.cli.job.JobTopics;
import io.tidecast.cli.job.KafkaPreflight;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.cli.page.LivePage;
import io.tidecast.cli.page.PageAddress;
import io.tidecast.cli.postgres.Copying;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.model.ModelSlots;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast run}. */
@Command(
    name = "run",
    description = {
      "Run the forecast job in this process, against the Kafka that the job file names. "
          + "The same job jar goes to a Flink cluster with 'flink run'.",
      "Stopped or killed, the job goes on where it was when it is started again. Its checkpoints are in "
          + "'checkpoints.directory', or in '.tidecast' beside the job file.",
      "After a failure the job goes on from its last checkpoint, and says why. One that would come again with "
          + "every try ends it.",
      "With 'source.stop', or CSV files, the job ends by itself: it says how far it is, and exits with 0 "
          + "when all that it read is forecast and committed, with 3 when it has read something and made no "
          + "forecast of it.",
      "With 'postgres.url', what the job writes is copied to PostgreSQL as well. A database that is away delays "
          + "that copy alone."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);
  private static final int KEPT_CHECKPOINTS = 2;

  @Spec private CommandSpec spec;

  @Mixin private JobFileOption job;

  @Option(
      names = "--anew",
      description =
          "Begin anew even if there is a checkpoint to go on from; it is put aside, into a folder "
              + "beside the new ones.")
  private boolean anew;

  @Option(
      names = "--create-topics",
      description =
          "Create the topics of forecasts, dead letters and requests where they are missing, with as many "
              + "partitions as the source has; and those of commands and model events, with one.")
  private boolean createTopics;

  @Option(
      names = "--take-over",
      description =
          "If another process has this job, wait until that ends, however it ends, and go on from its "
              + "last checkpoint.")
  private boolean takeOver;

  @Option(
      names = "--page",
      paramLabel = "[ADDRESS:]PORT",
      arity = "0..1",
      fallbackValue = "",
      converter = PageAddress.Converter.class,
      description =
          "Serve a page on loopback that shows the forecasts, how good they have been, and what stands in their "
              + "way; at this port, and not on loopback alone if an address is named.")
  private @Nullable PageAddress page;

  @Override
  public Integer call() {
    JobConfig config = job.load();
    ForecastJob.notices(config).forEach(this::say);
    RunState state = RunState.of(config, job.file());
    // Builds the whole job, so that whatever is wrong with it comes before anything starts.
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings(state));
    ModelSlots models = ForecastJob.slotsHere(config, this::say);
    ForecastJob.build(environment, config, models);
    state.makeFolder();
    try (StopSignal stop = StopSignal.install()) {
      JobDoor door = new JobDoor(state, this::say);
      Optional<JobLock> lock = takeOver ? door.await(stop) : Optional.of(door.enter());
      if (lock.isEmpty()) {
        return stop.exitCode();
      }
      JobLock held = lock.get();
      try (held) {
        long forecastBytes = ForecastJob.maxForecastBytes(config, models);
        if (createTopics) {
          JobTopics.create(config, OptionalLong.of(forecastBytes), KAFKA_PATIENCE)
              .forEach(this::say);
        }
        KafkaPreflight.check(config, forecastBytes, KAFKA_PATIENCE).forEach(this::say);
        try (LivePage shown = page == null ? null : open(config, page);
            Copying copying = Copying.begin(config, this::say)) {
          int code = run(new Ready(config, state, environment, shown), stop);
          copying.finish(stop);
          return code;
        }
      }
    }
  }

  private LivePage open(JobConfig config, PageAddress at) {
    LivePage shown =
        LivePage.start(
            config,
            "%s, %s".formatted(job.file().getFileName(), config.sink().destination()),
            at,
            this::say);
    say("The page is at " + shown.url());
    shown.warning().ifPresent(this::say);
    return shown;
  }

  /** A job that has nothing against it. */
  private record Ready(
      JobConfig config,
      RunState state,
      StreamExecutionEnvironment environment,
      @Nullable LivePage page) {}

  private int run(Ready ready, StopSignal stop) {
    EarlierCheckpoint.deleteOrphans(ready.state.folder(), KEPT_CHECKPOINTS);
    Optional<Path> checkpoint = checkpoint(ready.state);
    while (true) {
      try {
        return run(ready, checkpoint, stop);
      } catch (CliException e) {
        // A job that has ended cannot be started again in the same cluster.
        checkpoint = Optional.of(EarlierCheckpoint.after(e, ready.state.folder(), this::say));
      }
    }
  }

  private int run(Ready ready, Optional<Path> checkpoint, StopSignal stop) {
    JobConfig config = ready.config;
    Configuration cluster = clusterSettings();
    JobMeter meter = JobMeter.of(cluster);
    if (checkpoint.isPresent()) {
      meter.goOn();
    }
    try (EmbeddedFlink flink = EmbeddedFlink.start(config.job().parallelism(), cluster)) {
      // The operators are kept, for the job may be started once more.
      StreamGraph graph = ready.environment.getStreamGraph(false);
      EmbeddedFlink.Job job = flink.submit(graph, ready.state.id(), checkpoint);
      if (ready.page != null) {
        ready.page.watch(new JobReport(job, meter, config));
      }
      say(
          "Forecasting %s -> %s at %s; Ctrl-C stops."
              .formatted(
                  config.source().origin(),
                  config.sink().destination(),
                  config.kafka().bootstrapServers()));
      OptionalLong total =
          config.source().isBounded() && checkpoint.isEmpty()
              ? RecordTotal.of(config)
              : OptionalLong.empty();
      RunProgress progress = new RunProgress(meter, config, total, System.nanoTime());
      return new JobRun(job, ready.state, progress, this::say).untilItEnds(stop);
    }
  }

  /** Finds where the job goes on from, and says so. */
  private Optional<Path> checkpoint(RunState state) {
    say("Keeping checkpoints in " + state.folder());
    if (anew) {
      state
          .setAside(Instant.now())
          .ifPresent(aside -> say("Beginning anew; the former checkpoints are in " + aside));
      return Optional.empty();
    }
    Optional<Path> newest = state.newest();
    newest.ifPresent(path -> say("Going on from " + path));
    return newest;
  }

  private static Configuration settings(RunState state) {
    Configuration settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, state.directory().toUri().toString());
    // A killed process leaves its last checkpoint; so must one whose job was cancelled or failed.
    settings.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    return settings;
  }

  private static Configuration clusterSettings() {
    Configuration settings = new Configuration();
    // Where the newest is damaged, or a transaction after it is lost, there is one before.
    settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, KEPT_CHECKPOINTS);
    // The job tries again for ever; where that is not worth it, FailureWatch ends it.
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(1));
    settings.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(30));
    settings.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(10));
    return settings;
  }

  /** Told by this thread, and by the one that copies to PostgreSQL. */
  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }
}
