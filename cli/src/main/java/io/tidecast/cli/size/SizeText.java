package io.tidecast.cli.size;

import io.tidecast.cli.console.Durations;
import io.tidecast.flink.series.SeriesCost;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints what a job takes for people. */
final class SizeText {

  private static final long MEBIBYTE = 1L << 20;
  private static final int UNIT = 1_000;
  private static final String[] UNITS = {"bytes", "KB", "MB", "GB", "TB", "PB"};

  private final PrintWriter out;
  private final List<String[]> rows = new ArrayList<>();

  SizeText(PrintWriter out) {
    this.out = out;
  }

  void print(SizeReport report) {
    Demand demand = report.demand();
    boolean onHeap = report.backend().equals("heap");
    out.println(
        say(
            "%,d series, %s observations and %s forecasts a second",
            demand.series(),
            number(demand.observationsPerSecond()),
            number(demand.forecastsPerSecond())));
    state(report.state(), demand.series(), onHeap);
    processors(report);
    kafka(report.kafka());
    SizeReport.Postgres postgres = report.postgres();
    if (postgres != null) {
      section("PostgreSQL");
      row("rows a second", number(postgres.rows()), "forecasts × steps × targets, and cells");
      row(
          "processes that copy",
          number(postgres.processes()),
          "tidecast postgres, as many as partitions at most");
      row("rows of a day", bytes(postgres.bytesADay()), "see postgres.retention");
    }
    cluster(report.cluster(), onHeap);
    flush();
    out.println();
    out.println("Assumptions:");
    report.assumptions().forEach(line -> out.println("- " + line));
    if (!report.notices().isEmpty()) {
      out.println();
      out.println("To know:");
      report.notices().forEach(line -> out.println("- " + line));
    }
    out.flush();
  }

  private void state(SizeReport.State state, long series, boolean onHeap) {
    section("State, kept " + (onHeap ? "on the heap" : "in RocksDB"));
    row(
        "a series on the heap",
        say("%,d bytes", state.heapOfASeries()),
        "with all that it may keep");
    row(
        "a series in RocksDB",
        say("%,d bytes", state.diskOfASeries()),
        "the same, and in a savepoint");
    row(
        "heap for all",
        bytes(state.heap()),
        say(
            "%,d × %,d ÷ %d %% of a heap × %.1f",
            series, state.heapOfASeries(), SeriesCost.percent(true), Figure.SPREAD.value()));
    boolean few = state.files() == state.disk();
    row(
        "RocksDB's files for all",
        bytes(state.files()),
        few
            ? "at least that much for each slot"
            : say(
                "%,d × %,d × %s",
                series,
                state.diskOfASeries(),
                number(Math.rint(100.0 * state.files() / state.savepoint()) / 100)));
    row(
        "free disk for RocksDB",
        bytes(state.disk()),
        few
            ? "room for its files"
            : say(
                "%,d × %,d ÷ %d %% of the disk × %.1f",
                series, state.diskOfASeries(), SeriesCost.percent(false), Figure.SPREAD.value()));
    row(
        "a whole checkpoint",
        bytes(state.checkpoint()),
        onHeap ? "each is one" : "the first one: all files");
    if (!onHeap) {
      row("a savepoint", bytes(state.savepoint()), "each series once");
      row(
          "each checkpoint after it",
          bytes(state.nextCheckpoint()),
          "in the mean, at checkpoints.interval; one may have all files");
      row(
          "the same while it catches up",
          bytes(state.largestCheckpoint()),
          "when all cores are busy");
      row(
          "written to disks",
          bytes(state.writtenASecond()) + "/s",
          say("%,.0f bytes an observation", state.writtenOfAnObservation()));
    }
  }

  private void processors(SizeReport report) {
    SizeReport.Processors processors = report.processors();
    section("Processors");
    row("a forecast", micros(processors.forecastMicros()), "the model, and all around it");
    row(
        "forecasts a second of a core",
        number(Math.rint(processors.forecastsPerCore())),
        "if it did nothing else");
    row("an observation", micros(processors.observationMicros()), "window and state");
    row(
        "busy all the time",
        say("%.2f cores", processors.busy()),
        "forecasts and observations a second × their time");
    row(
        "cores to plan with",
        number(processors.cores()),
        say(
            "%.2f ÷ %.0f %% × %.1f",
            processors.busy(), 100 * Figure.HEADROOM.value(), Figure.SPREAD.value()));
    Integer gpus = processors.gpus();
    Double ofAGpu = processors.forecastsPerGpu();
    if (gpus != null && ofAGpu != null) {
      row("forecasts a second of a GPU", number(Math.rint(ofAGpu)), "the model alone");
      row(
          "GPUs",
          number(gpus),
          say("forecasts a second ÷ those of a GPU ÷ %.0f %%", 100 * Figure.HEADROOM.value()));
    }
    row(
        "each series forecast once",
        Durations.rounded(Duration.ofMillis((long) Math.ceil(processors.secondsForAll() * UNIT))),
        "where all cells close at once, with these cores");
  }

  private void kafka(SizeReport.Kafka kafka) {
    section("Kafka, before compression and replicas");
    row(
        "read",
        bytes(kafka.in()) + "/s",
        say("observations of %,d bytes", kafka.observationBytes()));
    row(
        "written",
        bytes(kafka.out()) + "/s",
        say(
            "forecasts of %,d bytes in %,d record%s",
            kafka.forecastBytes(),
            kafka.recordsOfAForecast(),
            kafka.recordsOfAForecast() == 1 ? "" : "s"));
    row(
        "between subtasks",
        bytes(kafka.shuffled()) + "/s",
        "observations on their way to their window");
  }

  private void cluster(SizeReport.Cluster cluster, boolean onHeap) {
    section("Cluster");
    row("task managers", number(cluster.taskManagers()), "each with as many cores as slots");
    row(
        "series of a task manager",
        say("%,d", cluster.seriesOfATaskManager()),
        say("at most: %.1f times its even share", Figure.SPREAD.value()));
    row(
        "job.parallelism",
        number(cluster.parallelism()),
        "and as many partitions of the source, at least");
    row("state.backend.type", onHeap ? "hashmap" : "rocksdb", "");
    row("taskmanager.numberOfTaskSlots", number(cluster.slots()), "");
    row(
        "taskmanager.memory.process.size",
        mebibytes(cluster.process()),
        say("with %,d MiB of heap", cluster.heap() / MEBIBYTE));
    row(
        "taskmanager.memory.managed.size",
        mebibytes(cluster.managed()),
        onHeap ? "nothing uses it" : "RocksDB's caches");
    row(
        "taskmanager.memory.task.off-heap.size",
        mebibytes(cluster.offHeap()),
        "batches, and the arena of ONNX Runtime");
    if (onHeap && cluster.taskManagers() == 1) {
      row(
          "or in one process",
          "-Xmx" + mebibytes(cluster.heap()),
          "TIDECAST_JAVA_OPTS of tidecast run");
    }
  }

  private void section(String name) {
    flush();
    out.println();
    out.println(name);
  }

  private void row(String name, String amount, String how) {
    rows.add(new String[] {name, amount, how});
  }

  private void flush() {
    int name = width(0);
    int amount = width(1);
    for (String[] row : rows) {
      out.println(say("  %-" + name + "s  %" + amount + "s  %s", (Object[]) row).stripTrailing());
    }
    rows.clear();
  }

  private int width(int column) {
    return Math.max(1, rows.stream().mapToInt(row -> row[column].length()).max().orElse(1));
  }

  private static String mebibytes(long bytes) {
    return bytes / MEBIBYTE + "m";
  }

  private static String micros(double micros) {
    return say("%.1f µs", micros);
  }

  private static String number(double number) {
    return say(number == Math.rint(number) || number >= 100 ? "%,.0f" : "%,.2f", number);
  }

  private static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** In units of a thousand. */
  private static String bytes(double bytes) {
    int unit = 0;
    double left = bytes;
    while (left >= UNIT && unit < UNITS.length - 1) {
      left /= UNIT;
      unit++;
    }
    return say(unit == 0 || left >= 100 ? "%,.0f %s" : "%,.1f %s", left, UNITS[unit]);
  }

  private static String say(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}
