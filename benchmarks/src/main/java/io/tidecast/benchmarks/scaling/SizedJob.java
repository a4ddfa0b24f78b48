package io.tidecast.benchmarks.scaling;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.benchmarks.stream.FilledContexts;
import io.tidecast.benchmarks.stream.SteadySeries;
import io.tidecast.benchmarks.stream.WithoutModel;
import io.tidecast.cli.embedded.EmbeddedFlink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.jspecify.annotations.Nullable;

/**
 * A job without inference in a process of its own, which has the memory that {@code tidecast size}
 * advises. Flink's JobManager is in it too, which a task manager has not: what it takes is found
 * and was not predicted.
 */
final class SizedJob {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path IO = Path.of("/proc/self/io");
  private static final String WRITTEN = "write_bytes:";
  private static final String MOST_RESIDENT = "VmHWM:";
  private static final int KIBIBYTE = 1024;

  private SizedJob() {}

  /**
   * What to run.
   *
   * @param copying that makes the series
   * @param topic of their observations
   * @param keys of the job
   * @param settings of Flink
   * @param folder for all its files
   */
  record Order(
      FilledContexts.Copying copying,
      SteadySeries series,
      String topic,
      Map<String, Object> keys,
      Map<String, String> settings,
      String folder) {

    static final String NAME = "sized";

    Path result() {
      return Path.of(folder, "result.json");
    }

    Path rocksDb() {
      return Path.of(folder, "rocksdb");
    }

    WithoutModel.Setup setup() {
      return new WithoutModel.Setup(topic, NAME, keys, Configuration.fromMap(settings));
    }
  }

  /**
   * What was found.
   *
   * @param cpuMicros of this process for an observation, compilers left out
   * @param perSecond observations
   * @param savepoint bytes of all series, before the first observation
   * @param checkpoint bytes of the first one
   * @param checkpointSeconds that it took
   * @param checkpointed bytes of those after it, for each observation
   * @param mostCheckpointed the same of the one that had most
   * @param checkpoints how many came after it
   * @param written bytes for each observation, to disks, by this process: files of RocksDB and
   *     checkpoints
   * @param files of RocksDB, at their most; 0 on the heap
   * @param heapInUse after a collection, with all series
   * @param resident of the process, at its most
   * @param shuffled bytes of an observation on its way to its series
   */
  record Found(
      double cpuMicros,
      double perSecond,
      long savepoint,
      long checkpoint,
      double checkpointSeconds,
      double checkpointed,
      double mostCheckpointed,
      int checkpoints,
      double written,
      long files,
      long heapInUse,
      long resident,
      double shuffled) {}

  /**
   * Runs it and leaves what was found.
   *
   * @param arguments the file of the order
   */
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Order order = mapper.readValue(Path.of(arguments[0]).toFile(), Order.class);
    mapper.writeValue(order.result().toFile(), run(order));
    // Threads of Kafka's and Flink's may linger.
    System.exit(0);
  }

  private static Found run(Order order) throws Exception {
    Path folder = Path.of(order.folder());
    Path filled =
        order.copying().run(Configuration.fromMap(order.settings()), folder.resolve("filled"));
    WithoutModel.Setup setup = order.setup();
    FilledContexts.goOnFrom(filled, setup.cluster());
    try (PeakFiles files = new PeakFiles(order.rocksDb())) {
      Watcher watcher = new Watcher(folder, filled);
      WithoutModel.Result result =
          WithoutModel.measure(order.copying().bootstrapServers(), order.series(), setup, watcher);
      return watcher.found(order.series(), result, files.most());
    }
  }

  private static final class Watcher implements WithoutModel.Watcher {

    private final Path folder;
    private final Path filled;
    private final long savepoint;
    private @Nullable CompletedCheckpointStats first;
    private List<CompletedCheckpointStats> others = List.of();
    private long beganMillis;
    private long writtenBefore;
    private long written;
    private long endedMillis;
    private long heapInUse;
    private long shuffled;

    Watcher(Path folder, Path filled) throws IOException {
      this.folder = folder;
      this.filled = filled;
      this.savepoint = PeakFiles.bytes(filled);
    }

    @Override
    public void begins(EmbeddedFlink.Job job) throws IOException {
      first = job.checkpoint();
      writtenBefore = number(IO, WRITTEN);
      beganMillis = System.currentTimeMillis();
      // All that was there is in the job's own checkpoint now.
      PeakFiles.delete(filled);
    }

    @Override
    public void ends(EmbeddedFlink.Job job) throws IOException {
      written = number(IO, WRITTEN) - writtenBefore;
      endedMillis = System.currentTimeMillis();
      long after = first().getLatestAckTimestamp();
      others = job.completed().stream().filter(one -> one.getTriggerTimestamp() > after).toList();
      System.gc();
      heapInUse = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      job.stop(folder.resolve("last"));
      shuffled = WithoutModel.bytesOfSource(job);
    }

    private CompletedCheckpointStats first() {
      return requireNonNull(first, "the job has not begun");
    }

    SizedJob.Found found(SteadySeries series, WithoutModel.Result result, long files)
        throws IOException {
      double perMilli = (double) series.observations() / (endedMillis - beganMillis);
      double bytes = 0;
      double most = 0;
      long since = beganMillis;
      for (int i = others.size() - 1; i >= 0; i--) {
        CompletedCheckpointStats one = others.get(i);
        bytes += one.getCheckpointedSize();
        double observations = perMilli * (one.getTriggerTimestamp() - since);
        most = Math.max(most, one.getCheckpointedSize() / observations);
        since = one.getTriggerTimestamp();
      }
      return new SizedJob.Found(
          result.speed().cpuMicros(),
          result.speed().perSecond(),
          savepoint,
          first().getStateSize(),
          first().getEndToEndDuration() / 1e3,
          others.isEmpty() ? 0 : bytes / (perMilli * (since - beganMillis)),
          most,
          others.size(),
          (double) written / series.observations(),
          files,
          heapInUse,
          KIBIBYTE * number(STATUS, MOST_RESIDENT),
          (double) shuffled / series.observations());
    }
  }

  /** Reads a number that Linux tells of this process. */
  private static long number(Path file, String key) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("must tell it: file=%s key=%s".formatted(file, key));
  }
}
