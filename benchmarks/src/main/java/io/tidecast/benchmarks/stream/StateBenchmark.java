package io.tidecast.benchmarks.stream;

import io.tidecast.benchmarks.inference.Speed;
import io.tidecast.cli.embedded.EmbeddedFlink;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
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

  /** What comes before is there when the job begins: contexts that are full but for a forecast. */
  private static final int FROM = CONTEXT - EVERY;

  /** RocksDB gets this memory unless it is told otherwise. */
  private static final String MANAGED_MEMORY = "1g";

  private static final String ROCKS_DB_FOLDER = "state.backend.rocksdb.localdir";

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
          "Send about so many observations to series whose contexts are full (default: "
              + "${DEFAULT-VALUE}).")
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
        "| series | job | observations/s | share | CPU µs | share of CPU | checkpoint MB | bytes a series | / payload | checkpoint s | whole checkpoint after it MB | s | bytes a series on disk |");
    System.out.println("|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    Figures figures = new Figures();
    for (int series : numbers) {
      measure(steady(series), figures);
    }
    figures.print();
    return 0;
  }

  private SteadySeries steady(int series) {
    int cells = Math.toIntExact(Math.max(2, observations / series));
    return new SteadySeries(series, CONTEXT, EVERY, FROM, FROM + cells);
  }

  private void measure(SteadySeries series, Figures figures) throws Exception {
    Path folder = Files.createTempDirectory("tidecast-state-");
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      FilledContexts contexts =
          FilledContexts.before(kafka, series, Map.of(), folder.resolve("few"));
      kafka.createTopic(OBSERVATIONS, 1, Map.of());
      series.produce(kafka.bootstrapServers(), OBSERVATIONS);
      Speed copied = PassThrough.measure(kafka, OBSERVATIONS, COPIES, series.observations());
      System.out.printf(
          Locale.ROOT,
          "| %,d | copy | %,.0f | 1 | %.2f | 1 | | | | | | | |%n",
          series.series(),
          copied.perSecond(),
          copied.cpuMicros());
      for (String backend : backends) {
        RocksDbFigures rocksDb = new RocksDbFigures();
        Configuration cluster = cluster(backend, folder);
        FilledContexts.goOnFrom(
            contexts.fill(series.series(), cluster, folder.resolve("filled-" + backend)), cluster);
        if (figuresOfRocksDb) {
          rocksDb.askFor(cluster);
        }
        Found found = forecast(kafka, series, cluster);
        print(series, backend, copied, found, figures);
        if (threads) {
          found.job.threads().forEach(StateBenchmark::printMore);
        }
        if (figuresOfRocksDb) {
          rocksDb.sums().forEach(StateBenchmark::printMore);
        }
      }
    } finally {
      delete(folder);
    }
  }

  /**
   * What was found.
   *
   * @param first checkpoint, of all series before any observation
   * @param last checkpoint, after all observations; a whole one too, with the old versions that
   *     RocksDB has not merged yet
   * @param diskBytes of the files of RocksDB after it; 0 on the heap
   */
  private record Found(
      WithoutModel.Result job,
      CompletedCheckpointStats first,
      CompletedCheckpointStats last,
      long diskBytes) {}

  private static void printMore(String name, double value) {
    System.out.printf(Locale.ROOT, "    %-42s %,.2f%n", name, value);
  }

  private static void print(
      SteadySeries series, String backend, Speed copied, Found found, Figures figures) {
    Speed job = found.job.speed();
    double bytes = (double) found.first.getStateSize() / series.series();
    double onDisk = (double) found.diskBytes / series.series();
    double share = job.perSecond() / copied.perSecond();
    double shareOfCpu = copied.cpuMicros() / job.cpuMicros();
    String name = "state." + series.series() + "." + backend;
    figures.putShares(name, share, shareOfCpu);
    figures.put(name + ".cpu-micros", job.cpuMicros());
    figures.put(name + ".checkpoint-bytes-a-series", bytes);
    figures.put(name + ".disk-bytes-a-series", onDisk);
    System.out.printf(
        Locale.ROOT,
        "| %,d | %s | %,.0f | %.2f | %.2f | %.2f | %,d | %,.0f | %.3f | %.1f | %,d | %.1f | %,.0f |%n",
        series.series(),
        backend,
        job.perSecond(),
        share,
        job.cpuMicros(),
        shareOfCpu,
        found.first.getStateSize() >> 20,
        bytes,
        bytes / (CONTEXT * Float.BYTES),
        found.first.getEndToEndDuration() / 1e3,
        found.last.getCheckpointedSize() >> 20,
        found.last.getEndToEndDuration() / 1e3,
        onDisk);
  }

  private Configuration cluster(String backend, Path folder) {
    Configuration cluster =
        Configuration.fromMap(Map.of(TaskManagerOptions.MANAGED_MEMORY_SIZE.key(), MANAGED_MEMORY));
    settings.forEach(cluster::setString);
    cluster.set(StateBackendOptions.STATE_BACKEND, backend);
    cluster.setString(ROCKS_DB_FOLDER, folder.resolve("files-" + backend).toString());
    cluster.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints-" + backend).toUri().toString());
    return cluster;
  }

  private static Found forecast(EmbeddedKafka kafka, SteadySeries series, Configuration cluster)
      throws Exception {
    Path files = Path.of(cluster.getString(ROCKS_DB_FOLDER, ""));
    List<CompletedCheckpointStats> checkpoints = new ArrayList<>();
    long[] diskBytes = {0};
    WithoutModel.Watcher watcher =
        new WithoutModel.Watcher() {
          @Override
          public void begins(EmbeddedFlink.Job job) {
            checkpoints.add(job.checkpoint());
          }

          @Override
          public void ends(EmbeddedFlink.Job job) throws IOException {
            checkpoints.add(job.checkpoint());
            diskBytes[0] = bytes(files);
          }
        };
    String backend = cluster.get(StateBackendOptions.STATE_BACKEND);
    WithoutModel.Setup setup = new WithoutModel.Setup(OBSERVATIONS, backend, Map.of(), cluster);
    WithoutModel.Result job = WithoutModel.measure(kafka, series, setup, watcher);
    return new Found(job, checkpoints.get(0), checkpoints.get(1), diskBytes[0]);
  }

  private static long bytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
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
