package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Models;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a forecast takes under little load, from an observation that the broker has accepted to
 * the forecast that a {@code read_committed} consumer has; by delivery and commit interval. Broker,
 * job and reader have a process each.
 */
@Command(
    name = "benchmarks/run latency",
    mixinStandardHelpOptions = true,
    description =
        "Measure how long a forecast takes, from the accepted observation to the forecast that can be read.")
public final class LatencyBenchmark implements Callable<Integer> {

  @Option(
      names = "--model",
      description =
          "Measure this model: a folder, or a name of the zoo (default: patchtst-uk-demand).")
  private @Nullable String model;

  @Option(
      names = "--delivery",
      split = ",",
      defaultValue = "at-least-once,exactly-once",
      description = "Deliver so, one after the other (default: ${DEFAULT-VALUE}).")
  private List<String> deliveries = List.of();

  @Option(
      names = "--commit-interval",
      split = ",",
      defaultValue = "PT0.1S,PT1S",
      description =
          "Let the job commit so often, one after the other; at least once does not wait for commits, and is "
              + "measured with the last alone (default: ${DEFAULT-VALUE}).")
  private List<Duration> commitIntervals = List.of();

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Send so many observations a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Send observations for so long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--series",
      defaultValue = "50",
      description = "Send observations of so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--warm-up",
      defaultValue = "1000",
      description =
          "Let the job make so many forecasts of each series before (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set this key of the job file.")
  private Map<String, String> keys = Map.of();

  /** Exits with 0 when everything was measured, and every forecast is there once. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LatencyBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path directory = Models.directory(model);
    ModelBundle bundle = ModelBundle.read(directory);
    Workload workload = Workload.of(bundle.manifest(), series, warmUp);
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, %d series, %.0f observations a second for %d s, parallelism 1%s, %d processors%n%n",
        workload.spec().id(),
        workload.spec().version(),
        series,
        rate,
        seconds,
        keys.isEmpty() ? "" : ", " + keys,
        Runtime.getRuntime().availableProcessors());
    System.out.println("| delivery | a commit every | forecasts | p50 ms | p99 ms | greatest ms |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    Figures figures = new Figures();
    for (String delivery : deliveries) {
      for (Duration interval : intervals(delivery)) {
        Map<String, String> set = new LinkedHashMap<>(keys);
        set.put("sink.delivery", delivery);
        Latency latency =
            measure(
                new PipelineStage.Setup(
                    workload,
                    directory,
                    1,
                    PipelineStage.BATCH,
                    interval,
                    set,
                    SteadyPart.WarmUp.NONE));
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %,d | %.1f | %.1f | %.1f |%n",
            delivery,
            interval,
            latency.count(),
            latency.p50Millis(),
            latency.p99Millis(),
            latency.maxMillis());
        String name = "latency." + delivery + "." + interval;
        figures.put(name + ".p50-millis", latency.p50Millis());
        figures.put(name + ".p99-millis", latency.p99Millis());
      }
    }
    figures.print();
    return 0;
  }

  private List<Duration> intervals(String delivery) {
    return delivery.equals("exactly-once")
        ? commitIntervals
        : commitIntervals.subList(commitIntervals.size() - 1, commitIntervals.size());
  }

  private Latency measure(PipelineStage.Setup setup) throws Exception {
    try (TemporaryFolder folder = new TemporaryFolder("latency");
        PipelineStage stage = PipelineStage.set(folder.path(), setup)) {
      return new LatencyRun(stage, new PacedFeed.Pace(rate, (int) (rate * seconds))).measure();
    }
  }
}
