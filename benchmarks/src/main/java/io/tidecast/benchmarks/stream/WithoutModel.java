package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobBuilder;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Measures the job with a model that costs nothing: what reading and keeping series takes. */
public final class WithoutModel {

  private static final int HORIZON = 48;

  /** The share of records after which the clock starts: the job is warm then. */
  private static final double WARM = 0.25;

  private static final Duration POLL = Duration.ofMillis(50);

  private WithoutModel() {}

  /**
   * What is measured.
   *
   * @param topic that has the observations
   * @param name of this run, which its own topics begin with
   * @param keys of the job that say how its records are read
   * @param cluster settings of the cluster, which the job is submitted with too
   */
  public record Setup(String topic, String name, Map<String, Object> keys, Configuration cluster) {

    public String forecasts() {
      return "forecasts-" + name;
    }

    String deadLetters() {
      return "rejects-" + name;
    }
  }

  /**
   * What was found.
   *
   * @param speed of observations
   * @param threads microseconds an observation of each kind of thread of this JVM
   */
  public record Result(Speed speed, Map<String, Double> threads) {}

  /** Looks at a job whose tasks run. */
  public interface Watcher {

    /** Has just begun, and is not measured yet. */
    default void begins(EmbeddedFlink.Job job) throws Exception {}

    /** Has forecast everything. */
    default void ends(EmbeddedFlink.Job job) throws Exception {}
  }

  static Result measure(EmbeddedKafka kafka, SteadySeries series, Setup setup) throws Exception {
    return measure(kafka, series, setup, new Watcher() {});
  }

  static Result measure(EmbeddedKafka kafka, SteadySeries series, Setup setup, Watcher watcher)
      throws Exception {
    createTopics(kafka, setup);
    return measure(kafka.bootstrapServers(), series, setup, watcher);
  }

  /** Measures it in any process; its {@linkplain #createTopics topics} are there. */
  public static Result measure(
      String bootstrapServers, SteadySeries series, Setup setup, Watcher watcher) throws Exception {
    try (EmbeddedFlink flink = EmbeddedFlink.start(1, setup.cluster());
        TopicMeter meter = new TopicMeter(bootstrapServers, setup.forecasts());
        TopicMeter rejected = new TopicMeter(bootstrapServers, setup.deadLetters())) {
      EmbeddedFlink.Job running = submit(flink, bootstrapServers, series, setup);
      while (!running.running()) {
        Thread.sleep(POLL.toMillis());
      }
      watcher.begins(running);
      long expected = series.forecasts();
      Speed perForecast =
          meter.await(
              (long) (WARM * expected),
              expected,
              () -> {
                running.check();
                if (rejected.count() > 0) {
                  throw new IllegalStateException(
                      "nothing may be rejected: found=" + rejected.count());
                }
              });
      Speed perObservation =
          new Speed(
              perForecast.perSecond() * series.every(), perForecast.cpuMicros() / series.every());
      Map<String, Double> threads = meter.threads();
      threads.replaceAll((thread, micros) -> micros / series.every());
      watcher.ends(running);
      return new Result(perObservation, threads);
    }
  }

  /** Makes the topics that a run of the job writes to. */
  public static void createTopics(EmbeddedKafka kafka, Setup setup) {
    kafka.createTopic(setup.forecasts(), 1, Map.of());
    kafka.createTopic(setup.deadLetters(), 1, Map.of());
  }

  /**
   * Submits the job, which reads its topic from the beginning and takes no checkpoint by itself
   * unless its keys say so.
   */
  static EmbeddedFlink.Job submit(
      EmbeddedFlink flink, String bootstrapServers, SteadySeries series, Setup setup) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(setup.cluster());
    ForecasterSpec spec =
        new ForecasterSpec("none", "1", series.contextLength(), HORIZON, 1, List.of());
    JobBuilder job =
        JobConfig.builder()
            .set("kafka.bootstrap-servers", bootstrapServers)
            .set("source.topic", setup.topic())
            .set("source.start", "earliest")
            .set("source.group-id", setup.name())
            .set("series.step", SteadySeries.STEP)
            .set("series.forecast-every", series.every())
            .set("model.path", "none")
            .set("sink.topic", setup.forecasts())
            .set("sink.delivery", "at-least-once")
            .set("sink.transaction-timeout", "7d")
            .set("dead-letters.topic", setup.deadLetters())
            .set("checkpoints.interval", "1d");
    setup.keys().forEach(job::set);
    ForecastJob.build(env, job.build(), new NoModel(spec));
    return flink.submit(env.getStreamGraph());
  }

  /** Bytes that the source of a job that has ended gave to the tasks that keep series. */
  public static long bytesOfSource(EmbeddedFlink.Job job) {
    Map<String, Long> byTask = job.bytesOut();
    return byTask.entrySet().stream()
        .filter(task -> task.getKey().startsWith("Source: observations"))
        .mapToLong(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("must have the task of the source: " + byTask));
  }
}
