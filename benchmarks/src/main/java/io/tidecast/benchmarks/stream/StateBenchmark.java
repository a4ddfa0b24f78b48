package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Observations per second of the job without inference, as a share of a job that copies the same
 * bytes from Kafka to Kafka in the same run, for few and many series on Flink's state backends; and
 * what a checkpoint of their state comes to.
 */
@Command(
    name = "benchmarks/run state",
    mixinStandardHelpOptions = true,
    description =
        "Measure the observations per second of the job without inference, as a share of copying the same bytes.")
public final class StateBenchmark implements Callable<Integer> {

  private static final String OBSERVATIONS = "observations";
  private static final String COPIES = "copies";
  private static final int CONTEXT = 336;
  private static final int EVERY = 48;

  /** Before this cell only the first of a long-silent series is reported. */
  private static final int SILENT = CONTEXT - EVERY;

  /** RocksDB gets this memory. */
  private static final String MANAGED_MEMORY = "1g";

  @Option(
      names = "--series",
      split = ",",
      defaultValue = "10000,1000000",
      description =
          "Send observations of so many series; once for each number (default: "
              + "${DEFAULT-VALUE}).")
  private List<Integer> numbers;

  @Option(
      names = "--backend",
      split = ",",
      defaultValue = "hashmap,rocksdb",
      description =
          "Keep the state in these state backends of Flink, one after the other (default: "
              + "${DEFAULT-VALUE}).")
  private List<String> backends;

  @Option(
      names = "--observations",
      defaultValue = "24000000",
      description =
          "Send about so many observations. Where that is less than a context for each series, "
              + "the beginning of the context stays empty (default: ${DEFAULT-VALUE}).")
  private long observations;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Set this setting of Flink, such as state.backend.rocksdb.compression.per.level=.")
  private Map<String, String> settings = Map.of();

  @Option(
      names = "--threads",
      description =
          "Print what each kind of thread of this JVM took for an observation, too; those of RocksDB flush and compact.")
  private boolean threads;

  @Option(
      names = "--rocksdb",
      description =
          "Print what RocksDB counts of itself, too: bytes written and compacted, cache, stalls. Counting takes time.")
  private boolean figuresOfRocksDb;

  /** Exits with 0 when everything was measured. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new StateBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "Context %d, a forecast every %d cells, parallelism 1, at least once, %d processors%n%n",
        CONTEXT,
        EVERY,
        Runtime.getRuntime().availableProcessors());
    System.out.println(
        "| series | job | observations/s | share | CPU µs | share of CPU | checkpoint MB | bytes a series | / payload | checkpoint s |");
    System.out.println("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    Figures figures = new Figures();
    for (int series : numbers) {
      measure(steady(series), figures);
    }
    figures.print();
    return 0;
  }

  private SteadySeries steady(int series) {
    long cells = observations / series;
    // Two rounds of forecasts for each series at least, or half a one at the end of a silence.
    return cells >= CONTEXT + 2 * EVERY
        ? new SteadySeries(series, CONTEXT, EVERY, -EVERY, Math.toIntExact(cells))
        : new SteadySeries(
            series, CONTEXT, EVERY, SILENT, SILENT + Math.toIntExact(Math.max(2, cells - 1)));
  }

  private void measure(SteadySeries series, Figures figures) throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      kafka.createTopic(OBSERVATIONS, 1, Map.of());
      series.produce(kafka.bootstrapServers(), OBSERVATIONS);
      Speed copied = PassThrough.measure(kafka, OBSERVATIONS, COPIES, series.observations());
      System.out.printf(
          Locale.ROOT,
          "| %,d | copy | %,.0f | 1 | %.2f | 1 | | | | |%n",
          series.series(),
          copied.perSecond(),
          copied.cpuMicros());
      for (String backend : backends) {
        RocksDbFigures rocksDb = new RocksDbFigures();
        WithoutModel.Result result = forecast(kafka, series, backend, rocksDb);
        print(series, backend, copied, result, figures);
        if (threads) {
          result.threads().forEach(StateBenchmark::printMore);
        }
        if (figuresOfRocksDb) {
          rocksDb.sums().forEach(StateBenchmark::printMore);
        }
      }
    }
  }

  private static void printMore(String name, double value) {
    System.out.printf(Locale.ROOT, "    %-42s %,.2f%n", name, value);
  }

  private static void print(
      SteadySeries series, String backend, Speed copied, WithoutModel.Result job, Figures figures) {
    double bytes = (double) job.checkpoint().getStateSize() / series.series();
    double share = job.speed().perSecond() / copied.perSecond();
    double shareOfCpu = copied.cpuMicros() / job.speed().cpuMicros();
    String name = "state." + series.series() + "." + backend;
    figures.putShares(name, share, shareOfCpu);
    figures.put(name + ".checkpoint-bytes-a-series", bytes);
    System.out.printf(
        Locale.ROOT,
        "| %,d | %s | %,.0f | %.2f | %.2f | %.2f | %,d | %,.0f | %.3f | %.1f |%n",
        series.series(),
        backend,
        job.speed().perSecond(),
        share,
        job.speed().cpuMicros(),
        shareOfCpu,
        job.checkpoint().getStateSize() >> 20,
        bytes,
        bytes / (CONTEXT * Float.BYTES),
        job.checkpoint().getEndToEndDuration() / 1e3);
  }

  private WithoutModel.Result forecast(
      EmbeddedKafka kafka, SteadySeries series, String backend, RocksDbFigures rocksDb)
      throws Exception {
    Path checkpoints = Files.createTempDirectory("tidecast-state-");
    Configuration cluster =
        Configuration.fromMap(Map.of(TaskManagerOptions.MANAGED_MEMORY_SIZE.key(), MANAGED_MEMORY));
    settings.forEach(cluster::setString);
    if (figuresOfRocksDb) {
      rocksDb.askFor(cluster);
    }
    cluster.set(StateBackendOptions.STATE_BACKEND, backend);
    cluster.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    try {
      return WithoutModel.measure(
          kafka, series, new WithoutModel.Setup(OBSERVATIONS, backend, Map.of(), cluster));
    } finally {
      delete(checkpoints);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
