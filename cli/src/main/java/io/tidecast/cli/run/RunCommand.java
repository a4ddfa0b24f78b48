package io.tidecast.cli.run;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.console.StopSignal;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.config.JobFile;
import io.tidecast.flink.sink.SinkSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tidecast run}. */
@Command(
    name = "run",
    description = {
      "Run the forecast job in this process, against the Kafka that the job file names. "
          + "The same job jar goes to a Flink cluster with 'flink run'.",
      "With a file: URI as 'checkpoints.directory' the job, stopped or killed, goes on where it was "
          + "when it is started again. Without, it begins anew: the windows of the series fill again.",
      "With 'source.stop', or CSV files, the job ends by itself: it says how far it is, and exits with 0 "
          + "when all that it read is forecast and committed."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration KAFKA_PATIENCE = Duration.ofSeconds(10);
  private static final int KEPT_CHECKPOINTS = 2;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Read the job from this file.")
  private Path file;

  @Option(
      names = "--anew",
      description =
          "Begin anew even if there is a checkpoint to go on from; the checkpoint is left "
              + "alone.")
  private boolean anew;

  private int restarts;

  @Override
  public Integer call() {
    JobConfig config = JobFile.load(file);
    // Builds the whole job, so that whatever is wrong with it comes before anything starts.
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(settings());
    ForecastJob.build(environment, config);
    Map<String, Object> kafka = checkKafka(config);
    Optional<RunState> state = RunState.of(config);
    state
        .map(RunState::folder)
        .ifPresent(folder -> EarlierCheckpoint.deleteOrphans(folder, KEPT_CHECKPOINTS));
    Optional<Path> checkpoint = anew ? Optional.empty() : state.flatMap(RunState::newest);
    try (StopSignal stop = StopSignal.install()) {
      while (true) {
        checkpoint.ifPresent(path -> say("Going on from " + path));
        try {
          return run(config, environment.getStreamGraph(false), kafka, checkpoint, stop);
        } catch (CliException e) {
          // A job that has ended cannot be started again in the same cluster.
          checkpoint =
              Optional.of(EarlierCheckpoint.after(e, state.map(RunState::folder), this::say));
        }
      }
    }
  }

  private int run(
      JobConfig config,
      StreamGraph graph,
      Map<String, Object> kafka,
      Optional<Path> checkpoint,
      StopSignal stop) {
    Configuration cluster = new Configuration();
    // What a lost transaction took with it is made again from the one before the last.
    cluster.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, KEPT_CHECKPOINTS);
    JobMeter meter = JobMeter.of(cluster);
    LossSummary losses = new LossSummary(meter);
    Optional<RunState> state = RunState.of(config);
    try (EmbeddedFlink flink = EmbeddedFlink.start(config.job().parallelism(), cluster)) {
      EmbeddedFlink.Job job =
          flink.submit(graph, state.map(RunState::id).orElseGet(JobID::new), checkpoint);
      say(
          "Forecasting %s -> %s at %s; Ctrl-C stops."
              .formatted(
                  config.source().origin(),
                  config.sink().destination(),
                  config.kafka().bootstrapServers()));
      Optional<RunProgress> progress = Optional.empty();
      if (config.source().isBounded()) {
        OptionalLong total =
            checkpoint.isPresent() ? OptionalLong.empty() : RecordTotal.of(config, kafka);
        progress = Optional.of(new RunProgress(meter, total, System.nanoTime()));
      }
      while (!stop.await(INTERVAL)) {
        if (progress.isEmpty()) {
          job.check();
        } else if (job.finished()) {
          say(progress.get().summary(System.nanoTime()));
          losses.whole().ifPresent(this::say);
          return losses.whole().isEmpty() ? 0 : 1;
        }
        losses.news().ifPresent(this::say);
        sayRestarts(job);
        progress.flatMap(p -> p.line(System.nanoTime())).ifPresent(this::say);
      }
      say("Stopping ...");
      state.map(RunState::folder).ifPresentOrElse(job::stop, job::stop);
      say(losses.end("Stopped; all that was read is answered and committed"));
      return stop.exitCode();
    }
  }

  private void sayRestarts(EmbeddedFlink.Job job) {
    if (job.restarts() > restarts) {
      restarts = job.restarts();
      say(
          "Going on from %s, restart %d, after a failure: %s"
              .formatted(
                  job.restored() ? "the last checkpoint" : "the start",
                  restarts,
                  job.lastFailure().orElse("unknown")));
    }
  }

  private static Configuration settings() {
    Configuration settings = new Configuration();
    // A killed process leaves its last checkpoint; so must one whose job was cancelled or failed.
    settings.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    return settings;
  }

  /** Asks Kafka for what the job needs, and returns the properties of a client. */
  private static Map<String, Object> checkKafka(JobConfig config) {
    Map<String, Object> properties = new LinkedHashMap<>(config.kafka().properties());
    properties.put("bootstrap.servers", config.kafka().bootstrapServers());
    Map<String, String> topics = new LinkedHashMap<>();
    List<String> names = config.source().topics().names();
    for (int i = 0; i < names.size(); i++) {
      topics.put(
          names.size() == 1 ? "source.topic" : "source.topic[%d]".formatted(i), names.get(i));
    }
    if (config.covariates().feed() != null) {
      topics.put("covariates.topic", config.covariates().feed().topic());
    }
    topics.put("sink.topic", ((SinkSettings.Kafka) config.sink()).topic());
    topics.put("dead-letters.topic", config.deadLetters().topic());
    if (config.requests().isOn()) {
      topics.put("requests.topic", config.requests().topic());
    }
    KafkaPreflight.check(properties, topics, config.deadLetters(), KAFKA_PATIENCE);
    return properties;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
