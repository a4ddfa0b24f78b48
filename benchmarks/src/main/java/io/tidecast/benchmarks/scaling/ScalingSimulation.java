package io.tidecast.benchmarks.scaling;

import io.tidecast.benchmarks.process.JobYaml;
import io.tidecast.benchmarks.stream.SteadySeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The clusters that {@code tidecast size} names for so many series, simulated. */
@Command(
    name = "benchmarks/run scaling-simulation",
    mixinStandardHelpOptions = true,
    description = {
      "Ask tidecast size for the clusters of the examples of docs/scaling.md, give every series to its subtask as Flink does, and let all of them report at once, or the job be away for an hour.",
      "Exits with 1 where more was found than the limits of the table allow."
    })
public final class ScalingSimulation implements Callable<Integer> {

  private static final String MODEL = "models/zoo/patchtst-uk-demand/1";
  private static final double HOUR = 3_600;

  /** What takes that many times as long as was predicted is as good as never there. */
  private static final double PATIENCE = 10;

  private static final double GIGABYTE = 1e9;

  @Option(
      names = "--series",
      split = ",",
      paramLabel = "N[@INTERVAL]",
      defaultValue = "10000,1000000@1min,100000000",
      description =
          "So many series, each of which reports so often, or once in 30 minutes (default: ${DEFAULT-VALUE}).")
  private List<String> examples;

  @Option(
      names = "--forecasts-per-core",
      defaultValue = "62500",
      description = "As tidecast size is told (default: ${DEFAULT-VALUE}).")
  private String forecastsPerCore;

  @Option(
      names = "--slots",
      defaultValue = "4",
      description = "As tidecast size is told (default: ${DEFAULT-VALUE}).")
  private int slots;

  /** Exits with 0 when nothing took more than was predicted. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScalingSimulation()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    boolean holds = true;
    Path file = Files.createTempFile("tidecast-scaling-", ".yaml");
    try {
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("kafka.bootstrap-servers", "127.0.0.1:9092");
      keys.put("source.topic", "meters");
      keys.put("series.step", SteadySeries.STEP.toString());
      keys.put("model.path", Path.of(System.getProperty("tidecast.root", "."), MODEL).toString());
      JobYaml.write(file, keys);
      for (String example : examples) {
        Prediction prediction = Prediction.of(file, options(example));
        NameSpread spread = spread(prediction);
        List<Row> rows = rows(prediction, spread);
        System.out.printf(
            Locale.ROOT,
            "%n%s%nThe fullest subtask of %d has %.4f times its even share.%n%n",
            prediction.summary(),
            spread.ofSubtasks().length,
            spread.fullestSubtask());
        System.out.println(Row.HEADER);
        rows.forEach(System.out::println);
        holds &= rows.stream().allMatch(Row::holds);
      }
    } finally {
      Files.delete(file);
    }
    return holds ? 0 : 1;
  }

  private List<String> options(String example) {
    String[] parts = example.split("@", 2);
    List<String> options = new ArrayList<>(List.of("--series", parts[0]));
    if (parts.length > 1) {
      options.addAll(List.of("--interval", parts[1]));
    }
    options.addAll(
        List.of("--forecasts-per-core", forecastsPerCore, "--slots", String.valueOf(slots)));
    return options;
  }

  /** Gives every series of a prediction to its subtask. */
  static NameSpread spread(Prediction prediction) {
    return NameSpread.of(
        Math.toIntExact(prediction.whole("/demand/series")),
        Math.toIntExact(prediction.whole("/cluster/parallelism")),
        SteadySeries::scattered);
  }

  /** Holds a prediction to what comes of that. */
  static List<Row> rows(Prediction prediction, NameSpread spread) {
    double interval = prediction.intervalSeconds();
    double perSecond = 1 / interval;
    Burst.Job job =
        new Burst.Job(
            spread,
            prediction.microsOfAnObservation(),
            prediction.of("/state/checkpointedOfAnObservation"),
            prediction.of("/state/checkpointSeconds"));
    int ofATaskManager = Math.toIntExact(prediction.whole("/cluster/slots"));
    Burst allAtOnce = Burst.of(job, 1, 0, PATIENCE * interval);
    Burst away = Burst.of(job, HOUR * perSecond, perSecond, PATIENCE * HOUR);
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row(
            "series of the fullest task manager",
            "",
            prediction.of("/cluster/seriesOfATaskManager"),
            spread.fullestTaskManager(ofATaskManager)
                * prediction.of("/demand/series")
                / prediction.of("/cluster/taskManagers"),
            1));
    rows.add(
        new Row(
            "all have reported at once: read before they do so again",
            "s",
            interval,
            allAtOnce.seconds(),
            1));
    rows.add(new Row("away for an hour: caught up after", "s", HOUR, away.seconds(), 1));
    if (!prediction.onHeap()) {
      rows.add(
          new Row(
              "a checkpoint meanwhile, at its most",
              "GB",
              prediction.of("/state/largestCheckpoint") / GIGABYTE,
              Math.min(
                      Math.max(allAtOnce.mostCheckpointed(), away.mostCheckpointed()),
                      prediction.of("/state/files"))
                  / GIGABYTE,
              1));
    }
    return rows;
  }
}
