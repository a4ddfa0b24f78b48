package io.tidecast.benchmarks.fuzz;

import io.tidecast.benchmarks.formats.RecordFormat;
import io.tidecast.benchmarks.formats.RecordFormats;
import io.tidecast.benchmarks.process.ResidentMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.flink.util.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Feeds jobs with broken records of every format, and says what became of each. */
@Command(
    name = "benchmarks/run fuzz",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Feed jobs with broken records of every format, and account for each.",
      "The records are made in five parts, each with records of every format, and the memory of the process is held against itself: that of the last part may be 1.05 times that of the second."
    })
public final class Fuzz implements Callable<Integer> {

  private static final int PARTS = 5;
  private static final double MOST_GROWTH = 1.05;

  @Option(
      names = "--records",
      defaultValue = "5000000",
      description = "Make so many records (default: ${DEFAULT-VALUE}).")
  private long records;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The records follow from this number (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--format", description = "Make records of these formats alone; of all without.")
  private List<String> formats = new ArrayList<>();

  /** Exits with 0 when all is accounted for and the memory did not grow. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Fuzz()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("tidecast-fuzz-");
    List<String> problems = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    try (FuzzStage stage = FuzzStage.start(folder);
        RecordFormats all = RecordFormats.open()) {
      for (int part = 0; part < PARTS; part++) {
        try (ResidentMemory memory = new ResidentMemory()) {
          problems.addAll(part(stage, all.all(), part));
          resident.add(memory.meanKilobytes());
        }
        System.out.printf(
            Locale.ROOT, "part %d: %,d MB resident%n", part + 1, resident.get(part) / 1024);
      }
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
    double growth = resident.get(PARTS - 1) / (double) resident.get(1);
    System.out.printf(
        Locale.ROOT, "figure fuzz.records %d%nfigure fuzz.resident-growth %.4f%n", records, growth);
    if (growth > MOST_GROWTH) {
      problems.add(
          String.format(
              Locale.ROOT,
              "resident memory must not grow by more than %.2f: %.4f",
              MOST_GROWTH,
              growth));
    }
    problems.forEach(System.out::println);
    return problems.isEmpty() ? 0 : 1;
  }

  private List<String> part(FuzzStage stage, List<RecordFormat> known, int part) throws Exception {
    List<String> problems = new ArrayList<>();
    List<RecordFormat> all =
        known.stream()
            .filter(format -> formats.isEmpty() || formats.contains(format.name()))
            .toList();
    for (RecordFormat format : all) {
      FuzzAccount account = stage.run(format, records / PARTS / all.size(), seed * PARTS + part);
      tell(account);
      account
          .problems(FuzzStage.CONTEXT)
          .forEach(problem -> problems.add(account.format() + ": " + problem));
    }
    return problems;
  }

  private static void tell(FuzzAccount account) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-16s %,10d records, %,10d read, %,9d refused, %,7d passed over; dead letters %s%n",
        account.format(),
        account.sent(),
        account.accepted(),
        account.refused(),
        account.passedOver(),
        account.written());
  }
}
