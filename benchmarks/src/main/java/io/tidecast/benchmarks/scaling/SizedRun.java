package io.tidecast.benchmarks.scaling;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidecast.benchmarks.process.ChildProcess;
import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.process.ProcessorTime;
import io.tidecast.benchmarks.stream.FilledContexts;
import io.tidecast.benchmarks.stream.SteadySeries;
import io.tidecast.benchmarks.stream.WithoutModel;
import io.tidecast.cli.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;

/**
 * Asks {@code tidecast size} what a job needs, runs it with that and no more, and holds both
 * against each other.
 *
 * <p>The contexts of all series are full when it begins, and everything to be read is there: it
 * goes as fast as it can, checkpoints meanwhile.
 */
final class SizedRun {

  private static final String OBSERVATIONS = "observations";
  private static final int CONTEXT = 336;
  private static final Duration PATIENCE = Duration.ofHours(3);

  /** A model of the same context and horizon, whose manifest {@code size} reads. */
  private static final String MODEL = "models/zoo/patchtst-uk-demand/1";

  /**
   * As in the examples of the page; no model is run, and what its job takes is held to no limit.
   */
  private static final String FORECASTS_PER_CORE = "62500";

  /** What is predicted is planned to keep half of the processors busy. */
  private static final double OF_PLANNED = 2;

  /** Flink is to remember every checkpoint. */
  private static final String HISTORY = "100000";

  private final Wanted wanted;

  SizedRun(Wanted wanted) {
    this.wanted = wanted;
  }

  /**
   * What to run.
   *
   * @param every cells from one forecast to the next
   * @param observations of each series, at least two
   * @param keys of the job file beside those of every run
   * @param options of {@code tidecast size} beside the number of series
   */
  record Wanted(
      int series, int every, int observations, Map<String, Object> keys, List<String> options) {

    Map<String, Object> jobKeys() {
      Map<String, Object> all = new LinkedHashMap<>(keys);
      all.putIfAbsent("checkpoints.interval", "10s");
      return all;
    }
  }

  /**
   * What came of it.
   *
   * @param rows that are held to their limits
   * @param more sentences that are held to none
   */
  record Outcome(Prediction prediction, List<Row> rows, List<String> more) {

    boolean holds() {
      return rows.stream().allMatch(Row::holds);
    }
  }

  /** Asks what it needs. */
  Prediction prediction(Path folder) throws IOException {
    Path file = folder.resolve("job.yaml");
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("kafka.bootstrap-servers", "127.0.0.1:9092");
    keys.put("source.topic", OBSERVATIONS);
    keys.put("series.step", SteadySeries.STEP.toString());
    keys.put("series.forecast-every", wanted.every());
    keys.put("sink.delivery", "at-least-once");
    keys.put("model.path", Path.of(System.getProperty("tidecast.root", "."), MODEL).toString());
    keys.putAll(wanted.jobKeys());
    JobYaml.write(file, keys);
    List<String> options = new ArrayList<>(wanted.options());
    options.addAll(
        List.of(
            "--series",
            String.valueOf(wanted.series()),
            "--slots",
            "1",
            "--forecasts-per-core",
            FORECASTS_PER_CORE));
    Prediction prediction = Prediction.of(file, options);
    if (prediction.whole("/cluster/taskManagers") != 1) {
      throw new IllegalArgumentException(
          "one task manager of one slot must do; it takes %d: fewer --series, or a longer --interval"
              .formatted(prediction.whole("/cluster/taskManagers")));
    }
    return prediction;
  }

  /**
   * Runs it with its files in this folder.
   *
   * @throws IOException if the job does not live with what is predicted, with what it said last
   */
  Outcome run(Path folder, Prediction prediction) throws Exception {
    int from = CONTEXT - wanted.every();
    SteadySeries series =
        new SteadySeries(
            wanted.series(), CONTEXT, wanted.every(), from, from + wanted.observations());
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      FilledContexts contexts =
          FilledContexts.before(kafka, series, wanted.keys(), folder.resolve("few"));
      SizedJob.Order order =
          new SizedJob.Order(
              contexts.copying(wanted.series(), "sized"),
              series,
              OBSERVATIONS,
              wanted.jobKeys(),
              settings(folder, prediction),
              folder.toString());
      kafka.createTopic(OBSERVATIONS, 1, Map.of());
      WithoutModel.createTopics(kafka, order.setup());
      series.produce(kafka.bootstrapServers(), OBSERVATIONS);
      SizedJob.Found found = found(order, folder, prediction);
      return outcome(
          prediction,
          found,
          TopicBytes.of(kafka.bootstrapServers(), OBSERVATIONS),
          TopicBytes.of(kafka.bootstrapServers(), order.setup().forecasts()));
    }
  }

  private static SizedJob.Found found(SizedJob.Order order, Path folder, Prediction prediction)
      throws IOException, InterruptedException {
    ObjectMapper mapper = new ObjectMapper();
    Path file = folder.resolve("order.json");
    mapper.writeValue(file.toFile(), order);
    Path output = folder.resolve("job.out");
    try (ChildProcess job =
        ChildProcess.start(
            new ChildProcess.Command(
                SizedJob.class.getName(),
                options(folder, prediction),
                List.of(file.toString()),
                folder),
            output)) {
      if (!job.await(PATIENCE) || job.exitCode() != 0) {
        throw new IOException(
            "the job must live with %s; it said:%n%s"
                .formatted(prediction.summary(), Files.readString(output).strip()));
      }
    }
    return mapper.readValue(order.result().toFile(), SizedJob.Found.class);
  }

  /** The memory that Flink's scripts give to a task manager with the settings of the prediction. */
  private static List<String> options(Path folder, Prediction prediction) {
    Configuration settings = new Configuration();
    settings.set(TaskManagerOptions.NUM_TASK_SLOTS, 1);
    settings.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, bytes(prediction, "/cluster/process"));
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, bytes(prediction, "/cluster/managed"));
    settings.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, bytes(prediction, "/cluster/offHeap"));
    List<String> options =
        new ArrayList<>(
            List.of(
                ProcessMemoryUtils.generateJvmParametersStr(
                        TaskExecutorProcessUtils.processSpecFromConfig(settings))
                    .strip()
                    .split("\\s+")));
    options.addAll(
        List.of(
            ProcessorTime.KEEP_COMPILERS,
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.io.tmpdir=" + folder));
    return options;
  }

  private static MemorySize bytes(Prediction prediction, String figure) {
    return new MemorySize(prediction.whole(figure));
  }

  private static Map<String, String> settings(Path folder, Prediction prediction) {
    Configuration settings = new Configuration();
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, bytes(prediction, "/cluster/managed"));
    settings.set(StateBackendOptions.STATE_BACKEND, prediction.stateBackend());
    settings.setString("state.backend.rocksdb.localdir", folder.resolve("rocksdb").toString());
    settings.setString("web.checkpoints.history", HISTORY);
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        folder.resolve("checkpoints").toUri().toString());
    return settings.toMap();
  }

  private Outcome outcome(
      Prediction prediction, SizedJob.Found found, TopicBytes read, TopicBytes written) {
    double perSecond = prediction.of("/demand/observationsPerSecond");
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            "a series in a savepoint",
            "bytes",
            prediction.of("/state/diskOfASeries"),
            (double) found.savepoint() / wanted.series(),
            1));
    rows.add(
        new Row(
            "the first checkpoint",
            "MB",
            prediction.of("/state/checkpoint") / 1e6,
            found.checkpoint() / 1e6,
            1));
    if (!prediction.onHeap()) {
      rows.add(
          new Row(
              "RocksDB's files",
              "MB",
              prediction.of("/state/files") / 1e6,
              found.files() / 1e6,
              1));
      rows.add(
          new Row(
              "an observation in the next checkpoints",
              "bytes",
              prediction.of("/state/checkpointedOfAnObservation"),
              found.checkpointed(),
              1));
      rows.add(
          new Row(
              "written to disks for an observation",
              "bytes",
              prediction.of("/state/writtenOfAnObservation"),
              found.written(),
              1));
    }
    rows.add(
        new Row(
            "heap in use with all series",
            "MB",
            prediction.of("/cluster/heap") / 1e6,
            found.heapInUse() / 1e6,
            1));
    rows.add(
        new Row(
            "resident memory of the process, at its most",
            "MB",
            prediction.of("/cluster/process") / 1e6,
            found.resident() / 1e6,
            1));
    rows.add(
        new Row(
            "processor time of an observation",
            "µs",
            prediction.microsWithoutModel(),
            found.cpuMicros(),
            OF_PLANNED));
    rows.add(
        new Row(
            "an observation in Kafka",
            "bytes",
            prediction.of("/kafka/observationBytes"),
            read.ofARecord(),
            1));
    rows.add(
        new Row(
            "a forecast in Kafka",
            "bytes",
            prediction.of("/kafka/forecastBytes"),
            written.ofARecord(),
            1));
    rows.add(
        new Row(
            "an observation between subtasks",
            "bytes",
            prediction.of("/kafka/shuffled") / perSecond,
            found.shuffled(),
            1));
    return new Outcome(
        prediction,
        rows,
        List.of(
            String.format(
                Locale.ROOT,
                "%,.0f observations a second; the first checkpoint took %.1f s; %d checkpoints after it, of which one had %,.0f bytes for each observation.",
                found.perSecond(),
                found.checkpointSeconds(),
                found.checkpoints(),
                found.mostCheckpointed()),
            String.format(
                Locale.ROOT,
                "In the files of the broker an observation takes %.1f bytes and a forecast %.1f.",
                read.onDisk(),
                written.onDisk())));
  }
}
