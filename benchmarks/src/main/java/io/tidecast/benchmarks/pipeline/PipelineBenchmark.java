package io.tidecast.benchmarks.pipeline;

import io.tidecast.benchmarks.inference.Exports;
import io.tidecast.benchmarks.inference.Median;
import io.tidecast.benchmarks.inference.Models;
import io.tidecast.benchmarks.inference.RawSpeed;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.cli.embedded.TemporaryFolder;
import io.tidecast.runtime.bundle.ModelBundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Processor time of the whole job for a forecast, from Kafka to Kafka, as a multiple of the least
 * that it could be: raw ONNX Runtime and a job that only copies at the same rate, measured by turns
 * with it. Broker, job and reader have a process each.
 */
@Command(
    name = "benchmarks/run pipeline",
    mixinStandardHelpOptions = true,
    description =
        "Measure what a forecast of the whole job takes of the processors, as a multiple of raw ONNX Runtime and a job that copies.")
public final class PipelineBenchmark implements Callable<Integer> {

  private static final double ENOUGH_MICROS = 70e6;

  /** About what a forecast takes beside the model. */
  private static final double JOB_MICROS = 5;

  private static final int FEWEST_FORECASTS = 20;

  @Option(
      names = "--model",
      description =
          "Measure this model: a folder, or a name of the zoo (default: patchtst-uk-demand).")
  private @Nullable String model;

  @Option(
      names = "--width",
      description =
          "Measure a PatchTST of this width in place of it, of weights that were drawn: with 208 a window takes about 100 µs.")
  private @Nullable Integer width;

  @Option(
      names = "--series",
      defaultValue = "200",
      description = "Send observations of so many series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--forecasts",
      description =
          "Make so many forecasts of each series (default: as many as take each subtask a minute or so).")
  private @Nullable Integer forecastsPerSeries;

  @Option(
      names = "--parallelism",
      split = ",",
      defaultValue = "1,2",
      description =
          "Run the job in so many subtasks; once for each number (default: ${DEFAULT-VALUE}).")
  private List<Integer> parallelisms = new ArrayList<>();

  @Option(
      names = "--batch",
      defaultValue = "" + PipelineStage.BATCH,
      description =
          "Let a run take so many windows at most, with raw ONNX Runtime as in the job (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--turns",
      defaultValue = "1",
      description =
          "Measure everything so often, by turns, and give medians (default: ${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--warm",
      defaultValue = "0.2",
      description =
          "Leave out the first of the forecasts, this share of them at least (default: ${DEFAULT-VALUE}).")
  private double warm;

  @Option(
      names = "--warm-at-most",
      defaultValue = "0.7",
      description =
          "Count from this share of the forecasts on, even if compilers still work (default: ${DEFAULT-VALUE}).")
  private double warmAtMost;

  @Option(
      names = "--compilers",
      defaultValue = "0.03",
      description =
          "Count once the JIT compilers have taken no more than this share of what the process took for three seconds "
              + "(default: ${DEFAULT-VALUE}).")
  private double compilers;

  @Option(
      names = "--commit-interval",
      defaultValue = "PT1S",
      description = "Let the job commit so often (default: ${DEFAULT-VALUE}).")
  private Duration commitInterval = Duration.ofSeconds(1);

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set this key of the job file, for the job and for the one that copies.")
  private Map<String, String> keys = Map.of();

  @Option(
      names = "--threads",
      description = "Print what each kind of thread of both jobs took, too.")
  private boolean threads;

  @Option(
      names = "--together",
      description =
          "Measure, too, what raw ONNX Runtime and the copying job take while both run at once, as the parts of a job do.")
  private boolean together;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "Write where the time of the job goes, by async-profiler: a flame graph to FILE.html, stacks to "
              + "FILE.collapsed, the methods that take most to any other. With several runs the last remains.")
  private @Nullable Path profile;

  /** Exits with 0 when everything was measured, and every forecast is there once. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new PipelineBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (width == null) {
      measure(Models.directory(model));
    } else {
      try (TemporaryFolder folder = new TemporaryFolder("drawn")) {
        Exports.drawn(width, folder.path());
        measure(folder.path());
      }
    }
    return 0;
  }

  private void measure(Path directory) throws Exception {
    ModelBundle bundle = ModelBundle.read(directory);
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s%s, %d series, batches of up to %d, exactly-once, a commit every %s, %d processors%n",
        bundle.manifest().id(),
        bundle.manifest().version(),
        width == null ? "" : ", as wide as " + width,
        series,
        batch,
        commitInterval,
        Runtime.getRuntime().availableProcessors());
    List<PipelineStage.Setup> setups = new ArrayList<>();
    int enough = forecastsPerSeries == null ? enough(bundle) : 0;
    for (int parallelism : parallelisms) {
      int forecasts = forecastsPerSeries == null ? enough * parallelism : forecastsPerSeries;
      Workload workload = Workload.of(bundle.manifest(), series, forecasts);
      System.out.printf(
          Locale.ROOT,
          "At parallelism %d: %,d observations, %,d forecasts%n",
          parallelism,
          workload.observations(),
          workload.forecasts());
      SteadyPart.WarmUp warmUp = new SteadyPart.WarmUp(warm, warmAtMost, compilers);
      setups.add(
          new PipelineStage.Setup(
              workload, directory, parallelism, batch, commitInterval, keys, warmUp));
    }
    System.out.printf(
        "Microseconds of processor time for one forecast, or one copy, without the JIT compilers%n%n");
    System.out.println(PipelineTurn.head());
    Figures figures = new Figures();
    for (PipelineStage.Setup setup : setups) {
      measure(setup, bundle, figures);
    }
    figures.print();
  }

  /**
   * So many forecasts of each series for each subtask that compilers come to rest, whatever the
   * model takes.
   */
  private int enough(ModelBundle bundle) throws Exception {
    double micros = RawSpeed.measure(bundle, 1, batch).cpuMicros() + JOB_MICROS;
    return (int) Math.max(FEWEST_FORECASTS, ENOUGH_MICROS / micros / series);
  }

  private void measure(PipelineStage.Setup setup, ModelBundle bundle, Figures figures)
      throws Exception {
    List<PipelineTurn> measured = new ArrayList<>();
    try (TemporaryFolder folder = new TemporaryFolder("pipeline");
        PipelineStage stage = PipelineStage.set(folder.path(), setup)) {
      for (int turn = 1; turn <= turns; turn++) {
        PipelineTurn one = PipelineTurn.measure(stage, bundle, Optional.ofNullable(profile));
        measured.add(one);
        System.out.println(one.line(Integer.toString(setup.parallelism())));
        if (threads) {
          print("the job", one.job());
          print("the copying job", one.copy());
        }
        if (together) {
          printTogether(stage, bundle, one.job());
        }
      }
    }
    String name = "pipeline." + setup.parallelism();
    figures.put(name + ".ratio", median(measured, PipelineTurn::ratio));
    figures.put(name + ".full-ratio", median(measured, PipelineTurn::fullRatio));
    figures.put(name + ".raw-micros", median(measured, turn -> turn.raw().cpuMicros()));
    figures.put(name + ".copy-micros", median(measured, turn -> turn.copy().jobMicros()));
    figures.put(name + ".full-copy-micros", median(measured, turn -> turn.fullCopy().jobMicros()));
    figures.put(name + ".job-micros", median(measured, turn -> turn.job().jobMicros()));
    figures.put(name + ".jit-micros", median(measured, turn -> turn.job().jitMicros()));
    figures.put(name + ".broker-micros", median(measured, turn -> turn.job().brokerMicros()));
    figures.put(name + ".forecasts-per-second", median(measured, turn -> turn.job().perSecond()));
  }

  private static void print(String whose, SteadyPart part) {
    System.out.printf("  threads of %s%n", whose);
    part.threads()
        .forEach(
            (name, micros) -> System.out.printf(Locale.ROOT, "    %-16s %6.2f%n", name, micros));
  }

  private static void printTogether(PipelineStage stage, ModelBundle bundle, SteadyPart job)
      throws Exception {
    RawSpeed.Beside<SteadyPart> both =
        RawSpeed.measureBeside(
            bundle,
            stage.setup().parallelism(),
            stage.setup().batch(),
            () -> stage.copy(job.perSecond()));
    double raw = both.raw().cpuMicros();
    double copy = both.other().jobMicros();
    System.out.printf(
        Locale.ROOT,
        "  at once: raw ONNX Runtime %.2f, copying job %.2f, job / (raw + copying) %.3f%n",
        raw,
        copy,
        job.jobMicros() / (raw + copy));
  }

  private static double median(List<PipelineTurn> turns, ToDoubleFunction<PipelineTurn> figure) {
    return Median.of(turns.stream().mapToDouble(figure));
  }
}
