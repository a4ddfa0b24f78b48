package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Models;
import io.tidecast.benchmarks.inference.RawSpeed;
import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import io.tidecast.flink.ForecastJob;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.runtime.bundle.ModelBundle;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Forecasts per second of the whole job, from Kafka to Kafka with everything in this JVM, as a
 * share of raw ONNX Runtime on as many threads in the same run. The observations are all in their
 * topic before the job starts.
 */
@Command(
    name = "benchmarks/run pipeline",
    mixinStandardHelpOptions = true,
    description =
        "Measure the forecasts per second of the whole job, as a share of raw ONNX Runtime.")
public final class PipelineBenchmark implements Callable<Integer> {

  private static final String OBSERVATIONS = "observations";
  private static final String FORECASTS = "forecasts";
  private static final String DEAD_LETTERS = "observations.dlq";
  private static final int BATCH = 128;

  @Option(
      names = "--series",
      defaultValue = "200",
      description = "Send observations of so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--forecasts",
      defaultValue = "1500",
      description = "Make so many forecasts of each series (default: ${DEFAULT-VALUE}).")
  private int forecastsPerSeries;

  @Option(
      names = "--parallelism",
      split = ",",
      defaultValue = "1,2",
      description =
          "Run the job in so many subtasks; once for each number (default: ${DEFAULT-VALUE}).")
  private List<Integer> parallelisms;

  @Option(
      names = "--commit-interval",
      defaultValue = "PT1S",
      description = "Let the job commit so often (default: ${DEFAULT-VALUE}).")
  private Duration commitInterval;

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PipelineBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    ModelBundle bundle = Models.load();
    Duration step = bundle.manifest().fixedStep().orElse(Duration.ofMinutes(30));
    Workload workload = new Workload(bundle.manifest().spec(), step, series, forecastsPerSeries);
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, %d series, %,d observations, %,d forecasts, exactly-once, a commit every %s, %d processors%n%n",
        workload.spec().id(),
        workload.spec().version(),
        series,
        workload.observations(),
        workload.forecasts(),
        commitInterval,
        Runtime.getRuntime().availableProcessors());
    System.out.println(
        "| parallelism | raw windows/s | job forecasts/s | share | raw CPU µs | job CPU µs | share of CPU |");
    System.out.println("|---:|---:|---:|---:|---:|---:|---:|");
    Figures figures = new Figures();
    for (int parallelism : parallelisms) {
      // Around the job, so that a machine that grows busier does not speak for either.
      Speed before = RawSpeed.measure(bundle, parallelism, BATCH);
      Speed job = job(workload, parallelism);
      Speed raw = before.mean(RawSpeed.measure(bundle, parallelism, BATCH));
      double share = job.perSecond() / raw.perSecond();
      double shareOfCpu = raw.cpuMicros() / job.cpuMicros();
      figures.putShares("pipeline." + parallelism, share, shareOfCpu);
      System.out.printf(
          Locale.ROOT,
          "| %d | %,.0f | %,.0f | %.2f | %.0f | %.0f | %.2f |%n",
          parallelism,
          raw.perSecond(),
          job.perSecond(),
          share,
          raw.cpuMicros(),
          job.cpuMicros(),
          shareOfCpu);
    }
    figures.print();
    return 0;
  }

  private Speed job(Workload workload, int parallelism) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        EmbeddedFlink flink = EmbeddedFlink.start(parallelism, new Configuration())) {
      kafka.createTopic(OBSERVATIONS, parallelism, Map.of());
      kafka.createTopic(FORECASTS, parallelism, Map.of());
      kafka.createTopic(DEAD_LETTERS, 1, Map.of());
      workload.produce(kafka.bootstrapServers(), OBSERVATIONS);
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
      ForecastJob.build(environment, config(workload, kafka.bootstrapServers(), parallelism));
      try (ForecastMeter meter =
          new ForecastMeter(kafka.bootstrapServers(), FORECASTS, DEAD_LETTERS)) {
        EmbeddedFlink.Job job = flink.submit(environment.getStreamGraph());
        Speed speed = meter.awaitAll(workload.forecasts(), job::check);
        meter.verify();
        return speed;
      }
    }
  }

  private JobConfig config(Workload workload, String bootstrapServers, int parallelism) {
    return JobConfig.builder()
        .set("kafka.bootstrap-servers", bootstrapServers)
        .set("source.topic", OBSERVATIONS)
        .set("source.start", "earliest")
        .set("series.step", workload.step())
        .set("series.channels", workload.spec().channels())
        .set("model.path", Models.directory())
        .set("model.max-batch-size", BATCH)
        .set("model.device", System.getProperty("tidecast.device", "cpu"))
        .set("sink.topic", FORECASTS)
        .set("sink.delivery", "exactly-once")
        .set("dead-letters.topic", DEAD_LETTERS)
        .set("checkpoints.interval", commitInterval)
        .set("job.parallelism", parallelism)
        .build();
  }
}
