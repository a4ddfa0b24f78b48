package io.tidecast.cli.size;

import io.tidecast.flink.JobSize;
import io.tidecast.flink.KeyGroups;
import io.tidecast.flink.TaskManagerSize;
import io.tidecast.flink.config.JobConfig;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.inference.NativeMemory;
import io.tidecast.flink.model.ForecastRole;
import io.tidecast.flink.model.ModelSlots;
import io.tidecast.flink.series.SeriesCost;
import io.tidecast.runtime.manifest.ForecasterSpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reckons what a job takes of what one series and one forecast of it take. */
final class Sizing {

  /** Where series are kept. */
  enum Backend {
    HEAP,
    ROCKSDB
  }

  private static final double MICROS = 1e6;
  private static final double MILLIS = 1_000;
  private static final double SECONDS_A_DAY = 86_400;

  private final JobConfig config;
  private final ModelSlots models;
  private final JobSize size;
  private final Set<Figure> used = EnumSet.of(Figure.HEADROOM, Figure.SPREAD);

  Sizing(JobConfig config, ModelSlots models) {
    this.config = config;
    this.models = models;
    this.size = JobSize.of(config, models);
  }

  /** What one series and one forecast take. */
  JobSize size() {
    return size;
  }

  /**
   * What is known or wished for besides the job file.
   *
   * @param backend null for the heap as long as it is small
   * @param slots of a task manager, at most
   */
  record Wanted(
      Demand demand,
      Speed speed,
      ObservationSize observation,
      @Nullable Backend backend,
      int slots) {}

  /**
   * Reckons.
   *
   * @param file the job file, for the report
   */
  SizeReport report(String file, Wanted wanted) {
    Demand demand = wanted.demand();
    long series = demand.series();
    long heap = heap(series);
    Backend backend = backend(wanted, heap);
    SizeReport.Processors processors = processors(wanted, backend);
    SizeReport.Cluster cluster = cluster(wanted, backend, heap, processors.cores());
    return new SizeReport(
        file,
        demand,
        state(wanted, heap, processors, cluster.parallelism()),
        Spelling.of(backend),
        processors,
        cluster,
        kafka(demand, wanted.observation()),
        postgres(demand),
        assumptions(wanted),
        notices(demand, backend, cluster.parallelism()));
  }

  private Backend backend(Wanted wanted, long heap) {
    if (wanted.backend() != null) {
      return wanted.backend();
    }
    return heap <= value(Figure.HEAP_FOR_ALL) ? Backend.HEAP : Backend.ROCKSDB;
  }

  private long covariatesOfASeries() {
    JobSize.Covariates covariates = size.covariates();
    return covariates == null || !covariates.keyedBy().equals("series")
        ? 0
        : covariates.bytesOfAKey();
  }

  private long diskOfASeries() {
    return size.series().diskBytes() + covariatesOfASeries();
  }

  /** All task managers together, so that none refuses a series. */
  private long heap(long series) {
    return spread(size.series().heapFor(series) + series * covariatesOfASeries());
  }

  private static long spread(long bytes) {
    return (long) Math.ceil(bytes * Figure.SPREAD.value());
  }

  private static long withSpread(long series, int taskManagers) {
    return Math.round(series * Figure.SPREAD.value() / taskManagers);
  }

  private double value(Figure figure) {
    used.add(figure);
    return figure.value();
  }

  /** Of RocksDB, for all series. */
  private long files(long series) {
    return (long)
        Math.ceil(
            series
                * diskOfASeries()
                * value(size.series().isJournaled() ? Figure.FILES : Figure.REWRITTEN_FILES));
  }

  private double checkpointedOfAnObservation() {
    return size.series().isJournaled()
        ? value(Figure.CHECKPOINTED_OBSERVATION)
        : diskOfASeries() * value(Figure.CHECKPOINTED_REWRITE);
  }

  private double writtenOfAnObservation() {
    return size.series().isJournaled()
        ? value(Figure.WRITTEN_OBSERVATION)
        : diskOfASeries() * value(Figure.WRITTEN_REWRITE);
  }

  private SizeReport.State state(
      Wanted wanted, long heap, SizeReport.Processors processors, int parallelism) {
    Demand demand = wanted.demand();
    long files = Math.max(files(demand.series()), parallelism * (long) value(Figure.LEAST_FILES));
    boolean onHeap = backend(wanted, heap) == Backend.HEAP;
    long savepoint = demand.series() * diskOfASeries();
    double seconds = config.checkpoints().interval().toMillis() / MILLIS;
    double bytes = checkpointedOfAnObservation();
    // As busy as all are in the mean, so much faster they read when they are busy all the time.
    double fastest = demand.observationsPerSecond() * parallelism / processors.busy();
    return new SizeReport.State(
        size.series().heapBytes() + covariatesOfASeries(),
        diskOfASeries(),
        heap,
        files,
        Math.max(
            files,
            spread(
                size.series().diskFor(demand.series()) + demand.series() * covariatesOfASeries())),
        onHeap ? savepoint : files,
        savepoint,
        Math.min(files, (long) Math.ceil(demand.observationsPerSecond() * seconds * bytes)),
        Math.min(files, (long) Math.ceil(fastest * seconds * bytes)),
        seconds,
        bytes,
        writtenOfAnObservation(),
        onHeap ? 0 : demand.observationsPerSecond() * writtenOfAnObservation());
  }

  private SizeReport.Processors processors(Wanted wanted, Backend backend) {
    Demand demand = wanted.demand();
    double observation =
        value(
            backend == Backend.HEAP
                ? Figure.HEAP_OBSERVATION_MICROS
                : size.series().isJournaled()
                    ? Figure.DISK_OBSERVATION_MICROS
                    : Figure.REWRITE_MICROS);
    double forecast = wanted.speed().forecastMicros();
    double busy =
        (demand.forecastsPerSecond() * forecast + demand.observationsPerSecond() * observation)
            / MICROS;
    // The fullest subtask is to have headroom too.
    int cores = ceil(busy * Figure.SPREAD.value() / Figure.HEADROOM.value());
    Double gpu = wanted.speed().forecastsPerGpu();
    return new SizeReport.Processors(
        forecast,
        Figure.FORECAST_MICROS.value(),
        observation,
        MICROS / forecast,
        gpu,
        busy,
        cores,
        gpu == null ? null : ceil(demand.forecastsPerSecond() / gpu / Figure.HEADROOM.value()),
        demand.series() * forecast / MICROS / cores);
  }

  private static int ceil(double number) {
    return (int) Math.max(1, Math.ceil(number));
  }

  private SizeReport.Cluster cluster(Wanted wanted, Backend backend, long seriesHeap, int cores) {
    boolean onHeap = backend == Backend.HEAP;
    long series = wanted.demand().series();
    long managed = onHeap ? 0 : (long) (files(series) * value(Figure.MANAGED));
    long inMemory = onHeap ? seriesHeap : managed;
    int taskManagers =
        Math.max(
            ceil((double) cores / wanted.slots()),
            ceil(inMemory / value(Figure.STATE_OF_A_TASK_MANAGER)));
    int slots = ceil((double) Math.max(cores, taskManagers) / taskManagers);
    long others = (long) (value(Figure.BASE_HEAP) + slots * heapOfASubtask());
    // Arrays may be held twice while a checkpoint is written.
    long twice = 2 * seriesHeap / 100 * SeriesCost.percent(true);
    TaskManagerSize one =
        TaskManagerSize.of(
            slots,
            onHeap ? Math.max(seriesHeap / taskManagers, twice / taskManagers + others) : others,
            onHeap
                ? 0
                : Math.max(managed / taskManagers, slots * (long) value(Figure.LEAST_MANAGED)),
            offHeap(wanted.speed(), slots));
    return new SizeReport.Cluster(
        taskManagers * slots,
        taskManagers,
        slots,
        withSpread(series, taskManagers),
        one.heapBytes(),
        one.managedBytes(),
        one.offHeapBytes(),
        one.processBytes());
  }

  /** Windows under way, what Kafka's producers hold, and covariates that every subtask has. */
  private double heapOfASubtask() {
    double windows =
        2.0
            * config.inference().batches().maxSize()
            * size.contextCells()
            * config.series().channels()
            * Float.BYTES;
    return windows + sinks() * value(Figure.SEND_BUFFER);
  }

  /** Forecasts and dead letters, and those of topics that the job file names. */
  private long sinks() {
    boolean shadows =
        models.all().stream().anyMatch(slot -> slot.role() == ForecastRole.SHADOW)
            || config.mixture().showMembers();
    return 2
        + Stream.of(
                shadows,
                config.scores().isOn(),
                config.cells().isOn(),
                config.anomalies().isOn(),
                config.commands().topic() != null)
            .filter(on -> on)
            .count();
  }

  private long offHeap(Speed speed, int slots) {
    int given = config.inference().batches().workers();
    int workers = given > 0 ? given : slots;
    Long measured = speed.nativeBytes();
    double ofOnnxRuntime = measured == null ? value(Figure.ARENA) : (double) workers * measured;
    return (long) ofOnnxRuntime
        + NativeMemory.batchBytes(models, config.inference().batches(), workers);
  }

  private SizeReport.Kafka kafka(Demand demand, ObservationSize observation) {
    long beside =
        models.all().stream()
            .filter(
                slot ->
                    slot.role() == ForecastRole.SHADOW
                        || slot.role() == ForecastRole.MEMBER && config.mixture().showMembers())
            .count();
    double forecasts = demand.forecastsPerSecond() * (1 + beside);
    return new SizeReport.Kafka(
        observation.bytes(),
        demand.observationsPerSecond() * observation.bytes(),
        size.forecasts().records(),
        size.forecasts().bytes(),
        forecasts * size.forecasts().bytes(),
        demand.observationsPerSecond()
            * (value(Figure.SHUFFLED_OBSERVATION) + JobSize.SAMPLE_NAME.length()));
  }

  private SizeReport.@Nullable Postgres postgres(Demand demand) {
    if (config.postgres() == null) {
      return null;
    }
    ForecasterSpec spec = models.byDefault().model().spec();
    double cells =
        config.cells().isOn()
            ? demand.series()
                * MILLIS
                / config.series().step().length().toMillis()
                * config.series().channels()
            : 0;
    double rows = demand.forecastsPerSecond() * spec.horizon() * spec.targets().size() + cells;
    return new SizeReport.Postgres(
        rows,
        ceil(rows / value(Figure.POSTGRES_ROWS)),
        rows * value(Figure.POSTGRES_ROW_BYTES) * SECONDS_A_DAY);
  }

  private List<String> assumptions(Wanted wanted) {
    List<String> assumptions = new ArrayList<>();
    assumptions.add(wanted.speed().sentence());
    assumptions.add(wanted.observation().sentence());
    assumptions.add(
        "A forecast was encoded as the job file says, of the series %s."
            .formatted(JobSize.SAMPLE_NAME));
    if (wanted.speed().isMeasured()) {
      used.add(Figure.FORECAST_MICROS);
    }
    used.stream().map(Figure::sentence).forEach(assumptions::add);
    return assumptions;
  }

  private List<String> notices(Demand demand, Backend backend, int parallelism) {
    List<String> notices = new ArrayList<>();
    KeyGroups groups = KeyGroups.byDefault(parallelism);
    if (groups.fullest() > Figure.SPREAD.value()) {
      notices.add(
          String.format(
              Locale.ROOT,
              "%d subtasks do not share Flink's %d groups of keys evenly: the fullest has %.2f times its even share. Set pipeline.max-parallelism: %d before the first start, for it cannot be changed afterwards, or take another job.parallelism.",
              parallelism,
              groups.count(),
              groups.fullest(),
              KeyGroups.even(parallelism).count()));
    }
    Integer most = config.series().retention().maxSeries();
    if (most != null && most < demand.series()) {
      notices.add(
          "series.max-series=%,d is less than --series: observations of %,d series would be dead letters. Raise it, or leave it out."
              .formatted(most, demand.series() - most));
    }
    if (demand.forecastsPerSecond() == 0) {
      notices.add(
          "Forecasts are made on request alone (series.forecast-every): how many is not known, and none is reckoned.");
    } else if (config.requests().topic() != null) {
      notices.add("Forecasts on request (requests.topic) come on top.");
    }
    if (config.scores().isOn() || config.cells().isOn() || config.anomalies().isOn()) {
      notices.add(
          "Their state is in the bytes of a series; the records of scores.topic, cells.topic and anomalies.topic are not in what Kafka is written.");
    }
    if (backend == Backend.ROCKSDB && !size.series().isJournaled()) {
      notices.add(
          "Each observation writes its whole series into RocksDB. With forecasts more than two cells apart (series.forecast-every), and without cells.topic and anomalies.topic, it would write %,.0f bytes to disks in place of %,.0f."
              .formatted(Figure.WRITTEN_OBSERVATION.value(), writtenOfAnObservation()));
    }
    JobSize.Covariates covariates = size.covariates();
    if (covariates != null && covariatesOfASeries() == 0) {
      notices.add(
          "Covariates are kept by %s: up to %,d bytes of heap a key, in every subtask, which come on top (covariates.keyed-by)."
              .formatted(covariates.keyedBy(), covariates.bytesOfAKey()));
    }
    if (backend == Backend.HEAP && heap(demand.series()) > Figure.HEAP_FOR_ALL.value()) {
      notices.add(
          "So many series are better kept in RocksDB: every checkpoint writes all that is on the heap.");
    }
    return notices;
  }
}
