package io.tidecast.cli.embedded;

import io.tidecast.cli.console.CliException;
import io.tidecast.cli.meter.JobMeter;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobBuilder;
import io.tidecast.flink.config.JobConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.jspecify.annotations.Nullable;

/**
 * The whole of Tidecast in this JVM: a broker with the topics, a Flink cluster, and the forecast
 * job running between them, exactly-once.
 */
public final class EmbeddedPipeline implements AutoCloseable {
  public static final String OBSERVATIONS = "observations";
  public static final String FORECASTS = "forecasts";
  public static final String DEAD_LETTERS = "observations.dlq";

  public static final String SCORES = "forecast-scores";
  public static final String CELLS = "cells";
  public static final String ANOMALIES = "anomalies";

  public static final List<String> TOPICS = List.of(OBSERVATIONS, FORECASTS, DEAD_LETTERS);

  /** What somebody who watches sees besides. */
  private static final List<String> WATCHED = List.of(SCORES, CELLS, ANOMALIES);

  private static final int SCORES_EVERY = 8;

  /** The model of the quickstart gives points alone; who watches sees how sure they are. */
  private static final List<Double> LEVELS = List.of(0.05, 0.25, 0.5, 0.75, 0.95);

  private static final Duration START_POLL = Duration.ofMillis(50);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final Parts parts;

  private record Parts(
      EmbeddedKafka kafka,
      EmbeddedFlink flink,
      EmbeddedFlink.Job job,
      JobConfig config,
      JobMeter meter) {}

  /**
   * @param model folder of the model
   * @param port of the broker, or {@link EmbeddedKafka#ANY_PORT}
   * @param parallelism of the job, and partitions of its source
   * @param commitInterval how often the job checkpoints and so commits its forecasts
   * @param watched whether forecasts are calibrated, and closed cells, scores and anomalies are
   *     written too
   */
  public record Settings(
      Path model, int port, int parallelism, Duration commitInterval, boolean watched) {}

  private EmbeddedPipeline(Parts parts) {
    this.parts = parts;
  }

  /** Makes the job that is submitted. */
  @FunctionalInterface
  public interface GraphBuilder {
    StreamGraph build(StreamExecutionEnvironment environment, JobConfig config);
  }

  /** Starts everything and returns when the job runs. */
  public static EmbeddedPipeline start(Settings settings) {
    return start(settings, EmbeddedPipeline::forecastJob);
  }

  public static EmbeddedPipeline start(Settings settings, GraphBuilder job) {
    EmbeddedKafka kafka = EmbeddedKafka.start(settings.port());
    EmbeddedFlink flink = null;
    boolean started = false;
    try {
      // The broker's clock stamps an observation when it accepts it: that is where latency begins.
      kafka.createTopic(
          OBSERVATIONS, settings.parallelism(), Map.of("message.timestamp.type", "LogAppendTime"));
      kafka.createTopic(FORECASTS, settings.parallelism(), Map.of());
      kafka.createTopic(DEAD_LETTERS, 1, Map.of());
      if (settings.watched()) {
        WATCHED.forEach(topic -> kafka.createTopic(topic, settings.parallelism(), Map.of()));
      }
      Configuration cluster = flinkSettings();
      JobMeter meter = JobMeter.of(cluster);
      flink = EmbeddedFlink.start(settings.parallelism(), cluster);
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      JobConfig config = config(settings, kafka.bootstrapServers());
      StreamGraph graph = job.build(environment, config);
      EmbeddedPipeline pipeline =
          new EmbeddedPipeline(new Parts(kafka, flink, flink.submit(graph), config, meter));
      pipeline.awaitRunning();
      started = true;
      return pipeline;
    } finally {
      if (!started) {
        close(flink, kafka);
      }
    }
  }

  public String bootstrapServers() {
    return parts.kafka.bootstrapServers();
  }

  public EmbeddedFlink.Job job() {
    return parts.job;
  }

  /** The job as its file would say it. */
  public JobConfig config() {
    return parts.config;
  }

  /** What the job counts. */
  public JobMeter meter() {
    return parts.meter;
  }

  @Override
  public void close() {
    close(parts.flink, parts.kafka);
  }

  public static StreamGraph forecastJob(StreamExecutionEnvironment environment, JobConfig config) {
    ForecastJob.build(environment, config);
    return environment.getStreamGraph();
  }

  private void awaitRunning() {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!parts.job.running()) {
      if (System.nanoTime() > deadline) {
        throw new CliException(
            "the job did not start within %d seconds".formatted(START_TIMEOUT.toSeconds()));
      }
      LockSupport.parkNanos(START_POLL.toNanos());
    }
  }

  private static Configuration flinkSettings() {
    // A job that cannot go on is to say so, not to try for ever.
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
    return configuration;
  }

  private static JobConfig config(Settings settings, String bootstrapServers) {
    JobBuilder job =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", bootstrapServers)
            .set("source.topic", OBSERVATIONS)
            .set("source.start", "earliest")
            .set("series.step", "PT30M")
            .set("model.path", settings.model())
            .set("sink.topic", FORECASTS)
            .set("sink.delivery", "exactly-once")
            .set("dead-letters.topic", DEAD_LETTERS)
            .set("checkpoints.interval", settings.commitInterval())
            .set("job.parallelism", settings.parallelism());
    if (settings.watched()) {
      job.set("scores.topic", SCORES)
          .set("scores.every", SCORES_EVERY)
          .set("cells.topic", CELLS)
          .set("anomalies.topic", ANOMALIES)
          .set("calibration.levels", LEVELS);
    }
    return job.build();
  }

  private static void close(@Nullable EmbeddedFlink flink, EmbeddedKafka kafka) {
    try {
      if (flink != null) {
        flink.close();
      }
    } finally {
      kafka.close();
    }
  }
}
