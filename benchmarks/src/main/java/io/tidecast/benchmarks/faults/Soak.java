package io.tidecast.benchmarks.faults;

import io.tidecast.benchmarks.ledger.Plan;
import io.tidecast.benchmarks.process.ResidentMemory;
import io.tidecast.benchmarks.process.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One fault after another befalls a job on a cluster under load. */
@Command(
    name = "benchmarks/run soak",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Let faults befall a job on a Flink cluster, one after another, and count its forecasts.",
      "It measures first how much the job sustains, and then sends a share of that. The next fault comes a while after"
          + " the forecasts have caught up. It needs 6 GB of memory, and root, to cut a network and to fill a disk."
    })
public final class Soak implements Callable<Integer> {

  private static final int SERIES = 1_000;

  /** So often the job is submitted again before the first fault. */
  private static final int SUBMISSIONS = 2;

  private static final int BACKLOG_ROUNDS = 1_000;

  /** How far behind forecasts may be when they have caught up. */
  private static final Duration CAUGHT_UP = Duration.ofSeconds(1);

  /** By how much memory may have grown since the fault of this number. */
  private static final double GROWTH = 1.05;

  private static final int COMPARED = 3;

  private static final double MEBIBYTE = 1024;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description =
          "Values, faults and their order follow from this number (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--transaction-version",
      paramLabel = "LEVEL",
      defaultValue = "1",
      description =
          "The level of Kafka's feature transaction.version (default: ${DEFAULT-VALUE}); new clusters of Kafka 4 have 2.")
  private int transactionVersion;

  @Option(
      names = "--faults",
      paramLabel = "N",
      defaultValue = "12",
      description = "So many faults, each kind at least once (default: ${DEFAULT-VALUE}).")
  private int faults;

  @Option(
      names = "--rest",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "The next fault comes so long after the forecasts have caught up (default: ${DEFAULT-VALUE}).")
  private int restSeconds;

  @Option(
      names = "--share",
      defaultValue = "0.3",
      description = "Send this share of what the job sustains (default: ${DEFAULT-VALUE}).")
  private double share;

  @Option(
      names = "--sustained",
      paramLabel = "FORECASTS",
      description = "What the job sustains, forecasts a second. Without, it is measured first.")
  private @Nullable Double sustained;

  @Option(
      names = "--without",
      paramLabel = "FAULT",
      description = "Leave out this fault, for instance where networks cannot be made.")
  private List<String> without = new ArrayList<>();

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description = "Leave there what the processes say. Without, it is in a temporary folder.")
  private @Nullable Path folder;

  private final List<Step> steps = new ArrayList<>();

  /**
   * A fault that is over.
   *
   * @param recovered seconds from its beginning until the forecasts had caught up
   * @param owed forecasts so far
   * @param residentMegabytes of each process of Flink's, when the next fault was due and after a
   *     collection of garbage
   */
  private record Step(
      String fault, double recovered, long owed, Map<String, Long> residentMegabytes) {

    double megabytes() {
      return residentMegabytes.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Exits with 0 when nothing was lost or doubled and memory has not grown. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Soak()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    without.forEach(ClusterFaults::named);
    List<ClusterFault> kinds =
        ClusterFaults.all().stream().filter(fault -> !without.contains(fault.name())).toList();
    List<ClusterFault> order = order(kinds);
    Surroundings needs =
        kinds.stream().map(ClusterFault::needs).reduce(Surroundings.CLUSTER, Surroundings::with);
    FaultCase row =
        new FaultCase(
            "soak",
            order.size() + " faults, one after another",
            ClusterFaults.setup(needs)
                .load(new FaultCase.Load(SERIES, Plan.HORIZON, 1))
                .key(ClusterFaults.PARALLELISM, ClusterFaults.WIDE)
                .key("checkpoints.interval", "250ms"),
            stage -> play(stage, order));
    Path place =
        folder == null
            ? Files.createTempDirectory("tidecast-soak-")
            : Files.createDirectories(folder.toAbsolutePath());
    System.out.println("What the processes say is in " + place);
    Verdict verdict = FaultMatrix.run(row, place, new Stage.Run(seed, false, transactionVersion));
    FaultMatrix.tell(verdict);
    return tellMemory() && verdict.holds() ? 0 : 1;
  }

  /** Every kind once, and some of them again. */
  private List<ClusterFault> order(List<ClusterFault> kinds) {
    if (kinds.isEmpty() || faults < kinds.size() || faults <= COMPARED) {
      throw new IllegalArgumentException(
          "--faults must be at least %d: %d"
              .formatted(Math.max(kinds.size(), COMPARED + 1), faults));
    }
    Random random = new Random(seed);
    List<ClusterFault> order = new ArrayList<>(kinds);
    while (order.size() < faults) {
      order.add(kinds.get(random.nextInt(kinds.size())));
    }
    Collections.shuffle(order, random);
    return order;
  }

  private void play(Stage stage, List<ClusterFault> order) throws Exception {
    ClusterFaults.prepare(stage);
    double all = sustained(stage);
    double roundsPerSecond = all * share / SERIES;
    System.out.printf(
        Locale.ROOT,
        "The job sustains %,.0f forecasts a second; %,.0f observations a second are sent.%n%n",
        all,
        roundsPerSecond * SERIES);
    // Classes of a job that has ended stay twice: the shutdown hook of ONNX Runtime remembers the
    // first job of a process, and the JDK's ObjectMethods the last but one or an earlier one. Each
    // TaskManager, and the JobManager in which an upgrade builds its job, has both before the first
    // fault, so that what grows later is something else.
    stage.changeJob(Map.of(ClusterFaults.PARALLELISM, ClusterFaults.WIDE));
    for (int i = 0; i < SUBMISSIONS; i++) {
      stage.cluster().upgrade();
    }
    // One is to spare from now on.
    ClusterFaults.rescale(stage, ClusterFaults.WIDE - 1);
    stage.goOn(roundsPerSecond);
    Stage.last(Duration.ofSeconds(restSeconds));
    System.out.println(
        "| | fault | caught up after s | forecasts owed | resident MB | of each process |");
    System.out.println("|---:|---|---:|---:|---:|---|");
    for (ClusterFault fault : order) {
      fault.befall(stage, CAUGHT_UP);
      Stage.last(Duration.ofSeconds(restSeconds));
      List<Stage.Recovery> recoveries = stage.recoveries();
      Step step =
          new Step(
              fault.name(),
              recoveries.get(recoveries.size() - 1).time().toMillis() / 1e3,
              stage.owed(),
              resident(stage));
      steps.add(step);
      System.out.printf(
          Locale.ROOT,
          "| %d | %s | %.1f | %,d | %,.0f | %s |%n",
          steps.size(),
          step.fault,
          step.recovered,
          step.owed,
          step.megabytes(),
          step.residentMegabytes);
    }
  }

  /** Forecasts a second that the job sustains, as was said or is measured. */
  private double sustained(Stage stage) throws IOException, InterruptedException {
    double measured = stage.saturate(sustained == null ? BACKLOG_ROUNDS : 1);
    return sustained == null ? measured : sustained;
  }

  /** Classes of jobs that have ended stay until somebody collects them: they are no growth. */
  private static Map<String, Long> resident(Stage stage) throws IOException, InterruptedException {
    Map<String, Long> megabytes = new LinkedHashMap<>();
    for (Service service : stage.processes().values()) {
      service.process().collectGarbage();
    }
    for (Map.Entry<String, Service> process : stage.processes().entrySet()) {
      megabytes.put(
          process.getKey(),
          Math.round(ResidentMemory.kilobytes(process.getValue().process()) / MEBIBYTE));
    }
    return megabytes;
  }

  private boolean tellMemory() {
    if (steps.size() <= COMPARED) {
      System.out.println("The faults were not all inflicted.");
      return false;
    }
    double ratio = steps.get(steps.size() - 1).megabytes() / steps.get(COMPARED - 1).megabytes();
    System.out.printf(
        Locale.ROOT,
        "Resident memory of Flink after the last fault: %.3f times that after the third; at most %.2f may be.%n",
        ratio,
        GROWTH);
    return ratio <= GROWTH;
  }
}
