package io.tidecast.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs jobs into faults, and says for each fault what became of every forecast and what the job
 * said.
 */
@Command(
    name = "benchmarks/run faults",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Kill, pause and starve a job, and count its forecasts.",
      "Each case runs a broker and 'tidecast run' in processes of their own, and needs up to 2 GB of memory;",
      "or a Flink cluster, ZooKeeper and one broker or three, and needs up to 6 GB."
    })
public final class FaultMatrix implements Callable<Integer> {

  @Parameters(
      paramLabel = "CASE",
      arity = "0..*",
      description = "Run these cases; 'all' for all of them. Without any, list them.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--short", description = "Run the short form: fewer and shorter faults.")
  private boolean shortForm;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description =
          "The values and the moments follow from this number (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--transaction-version",
      paramLabel = "LEVEL",
      defaultValue = "1",
      description =
          "The level of Kafka's feature transaction.version (default: ${DEFAULT-VALUE}); new clusters of Kafka 4 have 2.")
  private int transactionVersion;

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description =
          "Leave there what the processes say. Without, it is left only where a case does not hold.")
  private Path folder;

  /** Exits with 0 when every case held. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FaultMatrix()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<FaultCase> rows = rows();
    if (rows.isEmpty()) {
      Cases.all().forEach(row -> System.out.printf("%-26s %s%n", row.name(), row.fault()));
      return 0;
    }
    List<Verdict> verdicts = new ArrayList<>();
    for (FaultCase row : rows) {
      Verdict verdict = run(row);
      verdicts.add(verdict);
      tell(verdict);
    }
    System.out.println(Verdict.HEADER);
    verdicts.forEach(verdict -> System.out.println(verdict.line()));
    return verdicts.stream().allMatch(Verdict::holds) ? 0 : 1;
  }

  private List<FaultCase> rows() {
    return names.contains("all") ? Cases.all() : names.stream().map(Cases::named).toList();
  }

  private Verdict run(FaultCase row) throws Exception {
    Path place =
        folder == null
            ? Files.createTempDirectory("tidecast-faults-" + row.name() + "-")
            : Files.createDirectories(folder.toAbsolutePath().resolve(row.name()));
    Verdict verdict = run(row, place, new Stage.Run(seed, shortForm, transactionVersion));
    if (folder == null && verdict.holds()) {
      FileUtils.deleteDirectory(place.toFile());
    } else {
      System.out.println("What the processes said is in " + place);
    }
    return verdict;
  }

  /**
   * Runs a case.
   *
   * @param place an empty folder, in which it leaves what the processes said
   */
  static Verdict run(FaultCase row, Path place, Stage.Run run) throws Exception {
    long start = System.nanoTime();
    try (Stage stage = Stage.set(place, row.setup(), run)) {
      play(row, stage);
      Stage.Ending ending = stage.end();
      return Verdict.of(row, ending, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      clear(place);
    }
  }

  /** A case that comes to no end is a row of the table too. */
  private static void play(FaultCase row, Stage stage) throws Exception {
    try {
      row.script().play(stage);
    } catch (IOException | IllegalStateException e) {
      stage.objectUnless(false, "the case was broken off: " + e.getMessage());
    }
  }

  /** Deletes the large files; what the processes said stays. */
  private static void clear(Path place) throws IOException {
    for (int id = 0; id < Surroundings.THREE_BROKERS.brokers(); id++) {
      FileUtils.deleteDirectory(place.resolve("broker/" + id + "/data").toFile());
    }
    for (String state : List.of("checkpoints", "savepoints", "ha")) {
      FileUtils.deleteDirectory(place.resolve("cluster").resolve(state).toFile());
    }
    FileUtils.deleteDirectory(place.resolve("checkpoints").toFile());
  }

  static void tell(Verdict verdict) {
    System.out.printf(Locale.ROOT, "%n%s: %s%n%n", verdict.row().name(), verdict.row().fault());
    System.out.println(Verdict.HEADER);
    System.out.println(verdict.line());
    verdict.problems().forEach(problem -> System.out.println("! " + problem));
    verdict
        .account()
        .letters()
        .others()
        .forEach(
            (reason, count) ->
                System.out.printf(Locale.ROOT, "  %,d other dead letters: %s%n", count, reason));
    System.out.println();
    verdict.said().forEach(line -> System.out.println("  " + line));
    System.out.println();
  }
}
