package io.tidecast.benchmarks.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidecast.benchmarks.inference.Models;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ForecasterSpec;
import io.tidecast.runtime.manifest.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * What swaps do to a job that forecasts at half of what it sustains: whether a forecast is lost or
 * comes twice, how long forecasts take meanwhile, and whether the memory of the job grows. Broker,
 * job and reader have a process each; the job has one subtask and delivers at least once.
 */
@Command(
    name = "benchmarks/run swaps",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Swap the model of a job again and again while it forecasts.",
      "It ends with 1 if a forecast is lost, comes twice or is of another version than the job says, if the p99 "
          + "latency of forecasts during swaps is more than 2 times that of others, or if the job has more than "
          + "1.05 times the resident memory after the last swap that it had after a quarter of them."
    })
public final class SwapBenchmark implements Callable<Integer> {

  private static final double MOST_LATENCY = 2;
  private static final double MOST_MEMORY = 1.05;
  private static final double KILOBYTES = 1024;

  @Option(
      names = "--model",
      description =
          "Begin with this model: a folder, or a name of the zoo (default: patchtst-uk-demand).")
  private @Nullable String model;

  @Option(
      names = "--other",
      description =
          "Swap it with this one, such as timexer-uk-demand (default: a copy of it that has another version).")
  private @Nullable String other;

  @Option(
      names = "--swaps",
      defaultValue = "200",
      description = "Swap so often, 4 times or more (default: ${DEFAULT-VALUE}).")
  private int swaps;

  @Option(
      names = "--rate",
      description =
          "Send so many observations a second (default: half of what the job makes of those that are there when "
              + "it starts).")
  private @Nullable Double rate;

  @Option(
      names = "--before",
      defaultValue = "PT10S",
      description = "Swap nothing for so long first (default: ${DEFAULT-VALUE}).")
  private Duration before = Duration.ZERO;

  @Option(
      names = "--pause",
      defaultValue = "PT1S",
      description = "Swap nothing for so long after each swap (default: ${DEFAULT-VALUE}).")
  private Duration pause = Duration.ZERO;

  @Option(
      names = "--series",
      defaultValue = "200",
      description = "Send observations of so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--warm-up",
      defaultValue = "1000",
      description =
          "Let the job make so many forecasts of each series before (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--commit-interval",
      defaultValue = "PT1S",
      description = "Let the job commit so often (default: ${DEFAULT-VALUE}).")
  private Duration commitInterval = Duration.ZERO;

  @Option(
      names = "--tuning",
      defaultValue = "latency",
      description =
          "sink.tuning of the job file: latency or throughput (default: ${DEFAULT-VALUE}).")
  private String tuning = "";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set this key of the job file.")
  private Map<String, String> keys = Map.of();

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Exits with 0 when nothing was lost or came twice, and both limits are held. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new SwapBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (swaps < 4) {
      throw new ParameterException(spec.commandLine(), "--swaps must be 4 or more: " + swaps);
    }
    try (TemporaryFolder folder = new TemporaryFolder("swaps")) {
      Path first = Models.directory(model).toAbsolutePath();
      ModelManifest manifest = ModelBundle.read(first).manifest();
      Path second =
          other == null
              ? copy(first, folder.path().resolve("copy"))
              : Models.directory(other).toAbsolutePath();
      String name = name(manifest.spec());
      String otherName = name(ModelBundle.read(second).manifest().spec());
      if (name.equals(otherName)) {
        throw new ParameterException(
            spec.commandLine(),
            "--other must have another id or version, to tell by which a forecast is: " + name);
      }
      Map<String, String> set = new LinkedHashMap<>(SwapRun.KEYS);
      set.put("sink.tuning", tuning);
      set.putAll(keys);
      Workload workload = Workload.of(manifest, series, warmUp);
      System.out.printf(
          Locale.ROOT,
          "%s and %s by turns, %d swaps, %d series, parallelism 1, %s, %d processors%n",
          name,
          otherName,
          swaps,
          series,
          set,
          Runtime.getRuntime().availableProcessors());
      SwapRun.Plan plan =
          new SwapRun.Plan(
              List.of(first, second),
              name,
              swaps,
              rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
              before,
              pause);
      PipelineStage.Setup setup =
          new PipelineStage.Setup(
              workload, first, 1, PipelineStage.BATCH, commitInterval, set, SteadyPart.WarmUp.NONE);
      try (PipelineStage stage = PipelineStage.set(folder.path(), setup)) {
        return tell(new SwapRun(stage, plan).measure());
      }
    }
  }

  private static String name(ForecasterSpec spec) {
    return SwapAccount.version(spec.id(), spec.version());
  }

  /** Makes a model that differs by its version alone. */
  private static Path copy(Path model, Path copy) throws IOException {
    Files.createDirectory(copy);
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    ObjectMapper mapper = new ObjectMapper();
    Path manifest = copy.resolve(ModelManifest.FILE);
    ObjectNode json = (ObjectNode) mapper.readTree(manifest.toFile());
    json.put("version", json.path("version").asText() + "-copy");
    mapper.writeValue(manifest.toFile(), json);
    return copy;
  }

  private static int tell(SwapRun.Result result) {
    SwapAccount account = result.account();
    int quarter = result.swaps().size() / 4;
    int last = result.swaps().size();
    double residentQuarter = result.residentKilobytes().get(quarter - 1) / KILOBYTES;
    double residentLast = result.residentKilobytes().get(last - 1) / KILOBYTES;
    double memoryRatio = residentLast / residentQuarter;
    double[] retiring = result.swaps().stream().mapToDouble(Swap::retireMillis).sorted().toArray();
    double[] switching = result.swaps().stream().mapToDouble(Swap::switchMillis).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "The job sustained %,.0f forecasts a second; %,.0f observations a second were sent, of %,.0f that were wanted.%n%n",
        result.sustained(),
        result.sentPerSecond(),
        result.perSecond());
    System.out.println("| forecasts accepted | forecasts | p50 ms | p99 ms | greatest ms |");
    System.out.println("|---|---:|---:|---:|---:|");
    account.quiet().print("without a swap");
    account.swapping().print("from a command to a second after its switch");
    System.out.printf(
        Locale.ROOT,
        "%nForecasts: %,d expected, %,d found, %,d doubled; by version %s%n",
        account.expected(),
        account.found(),
        account.doubled(),
        account.byVersion());
    System.out.printf(
        Locale.ROOT,
        "p99 during swaps: %.2f times that without, at most %.2f: %s%n",
        account.p99Ratio(),
        MOST_LATENCY,
        held(account.p99Ratio() <= MOST_LATENCY));
    System.out.printf(
        Locale.ROOT,
        "From a command to its switch: median %.0f ms, greatest %.0f ms; to the end of the version before: median %.0f ms, greatest %.0f ms%n",
        switching[switching.length / 2],
        switching[switching.length - 1],
        retiring[retiring.length / 2],
        retiring[retiring.length - 1]);
    System.out.println(
        "Resident memory of the job after the first swap and each eighth of the swaps, MB: "
            + eighths(result.residentKilobytes()));
    System.out.printf(
        Locale.ROOT,
        "Resident memory of the job: %,.1f MB after swap %d, %,.1f MB after swap %d: %.3f times, at most %.2f: %s%n",
        residentQuarter,
        quarter,
        residentLast,
        last,
        memoryRatio,
        MOST_MEMORY,
        held(memoryRatio <= MOST_MEMORY));
    Figures figures = new Figures();
    figures.put("swaps.lost", (double) (account.expected() - account.found()));
    figures.put("swaps.doubled", (double) account.doubled());
    figures.put("swaps.p99-ratio", account.p99Ratio());
    figures.put("swaps.switch-median-millis", switching[switching.length / 2]);
    figures.put("swaps.memory-ratio", memoryRatio);
    figures.print();
    List<String> problems = new ArrayList<>(account.problems());
    if (account.p99Ratio() > MOST_LATENCY) {
      problems.add("the p99 latency during swaps must be at most 2 times that without");
    }
    if (memoryRatio > MOST_MEMORY) {
      problems.add("the resident memory of the job must not grow by more than 5 %");
    }
    problems.forEach(System.out::println);
    return problems.isEmpty() ? 0 : 1;
  }

  private static String eighths(List<Long> kilobytes) {
    return IntStream.rangeClosed(0, 8)
        .map(eighth -> Math.max(0, kilobytes.size() * eighth / 8 - 1))
        .distinct()
        .mapToObj(index -> String.format(Locale.ROOT, "%.0f", kilobytes.get(index) / KILOBYTES))
        .collect(Collectors.joining(", "));
  }

  private static String held(boolean held) {
    return held ? "held" : "missed";
  }
}
