package io.tidecast.benchmarks.scaling;

import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.stream.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code tidecast size} says of so many series, beside what they took. */
@Command(
    name = "benchmarks/run scaling",
    mixinStandardHelpOptions = true,
    description = {
      "Ask tidecast size what a job with so many series needs, run it without inference and with no more memory than that, and print what was predicted beside what was found.",
      "Exits with 1 where more was found than the limits of the table allow, or where the job did not live."
    })
public final class ScalingBenchmark implements Callable<Integer> {

  @Option(
      names = "--series",
      defaultValue = "100000",
      description = "Run so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--every",
      defaultValue = "1",
      description = "Forecast a series after so many cells (default: ${DEFAULT-VALUE}).")
  private int every;

  @Option(
      names = "--observations",
      defaultValue = "4",
      description =
          "Send so many observations to each series, whose contexts are full (default: ${DEFAULT-VALUE}).")
  private int observations;

  @Option(
      names = "--interval",
      description = "A series reports this often, as tidecast size is told (default: series.step).")
  private @Nullable String interval;

  @Option(
      names = "--backend",
      paramLabel = "heap|rocksdb",
      description = "Keep series there (default: where tidecast size keeps them).")
  private @Nullable String backend;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set this key of the job file, such as checkpoints.interval=30s.")
  private Map<String, String> keys = Map.of();

  /** Exits with 0 when everything took no more than was predicted. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScalingBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    List<String> options = new ArrayList<>();
    if (interval != null) {
      options.addAll(List.of("--interval", interval));
    }
    if (backend != null) {
      options.addAll(List.of("--backend", backend));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    keys.forEach((key, value) -> values.put(key, JobYaml.value(value)));
    Path folder = Files.createTempDirectory("tidecast-scaling-");
    try {
      SizedRun run =
          new SizedRun(new SizedRun.Wanted(series, every, observations, values, options));
      Prediction prediction = run.prediction(folder);
      System.out.println(prediction.summary());
      SizedRun.Outcome outcome = run.run(folder, prediction);
      print(outcome);
      return outcome.holds() ? 0 : 1;
    } finally {
      PeakFiles.delete(folder);
    }
  }

  private static void print(SizedRun.Outcome outcome) {
    System.out.println();
    System.out.println(Row.HEADER);
    outcome.rows().forEach(System.out::println);
    System.out.println();
    outcome.more().forEach(System.out::println);
    Figures figures = new Figures();
    outcome
        .rows()
        .forEach(
            row ->
                figures.put(
                    row.name().replaceAll("[^A-Za-z]+", "-"), row.found() / row.predicted()));
    figures.print();
  }
}
