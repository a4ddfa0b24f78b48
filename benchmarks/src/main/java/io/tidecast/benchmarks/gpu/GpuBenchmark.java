package io.tidecast.benchmarks.gpu;

import io.tidecast.architectures.networks.Architectures;
import io.tidecast.benchmarks.pipeline.PipelineBenchmark;
import io.tidecast.evaluation.folder.ModelRounding;
import io.tidecast.runtime.bundle.ModelBundle;
import io.tidecast.runtime.manifest.ModelException;
import io.tidecast.runtime.manifest.Precision;
import io.tidecast.runtime.onnx.OnnxDevices;
import io.tidecast.runtime.onnx.OnnxForecaster;
import io.tidecast.runtime.onnx.OnnxOptions;
import io.tidecast.runtime.onnx.device.Device;
import io.tidecast.runtime.onnx.device.DeviceException;
import io.tidecast.runtime.onnx.device.DeviceOptions;
import io.tidecast.runtime.onnx.device.DevicePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Holds the answers of every model on a GPU against those of the processor, and says how fast it
 * is, for batches of many sizes.
 */
@Command(
    name = "benchmarks/gpu run",
    mixinStandardHelpOptions = true,
    description = {
      "Hold the answers of models on a GPU against those of the processor, and measure windows a second and "
          + "the time of a run for batches of many sizes."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all answers are within the tolerance of the device",
      "1:some are not",
      "2:the arguments must be put right",
      "4:the device cannot be used here; the sentence says why"
    })
public final class GpuBenchmark implements Callable<Integer> {

  private static final int NO_DEVICE = 4;
  private static final int COMPARED = 64;

  @Spec private CommandSpec spec;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cuda:0",
      converter = DeviceConverter.class,
      description =
          "Run the models on this: cpu, cuda:N or tensorrt:N (default: ${DEFAULT-VALUE}).")
  private Device device;

  @Option(
      names = "--models",
      paramLabel = "NAME",
      split = ",",
      description = "Run these models of the zoo (default: all).")
  private List<String> models = List.of();

  @Option(
      names = "--batches",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,2,4,8,16,32,64,128,256,512,1024",
      description = "Run batches of so many windows (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--millis",
      paramLabel = "MS",
      defaultValue = "2000",
      description =
          "Measure each size so long, after half of that to warm up (default: ${DEFAULT-VALUE}).")
  private long millis;

  @Option(names = "--tf32", description = "Let CUDA round the factors of products to 10 bits.")
  private boolean tf32;

  @Option(names = "--fp16", description = "Let TensorRT compute in half precision.")
  private boolean fp16;

  @Option(
      names = "--precisions",
      paramLabel = "PRECISION",
      split = ",",
      defaultValue = "FP32,FP16",
      description =
          "Measure each model as it is (FP32), and the version in half precision that tidecast model export "
              + "makes of it (FP16) (default: ${DEFAULT-VALUE}).")
  private Set<Precision> precisions;

  @Option(
      names = "--job-forecasts",
      paramLabel = "N",
      defaultValue = "1500",
      description =
          "Let the whole job make so many forecasts of each of 200 series; 0 leaves it out (default: ${DEFAULT-VALUE}).")
  private int jobForecasts;

  /** Exits as the command says. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new GpuBenchmark())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    System.out.println(OnnxDevices.build().sentence() + " found.");
    List<String> missing = OnnxDevices.missing(device);
    if (!missing.isEmpty()) {
      return noDevice(String.join("; and ", missing));
    }
    System.out.printf(
        "%d processors, Java %s, device %s%s%s.%n%n",
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version"),
        device,
        tf32 ? " with TF32" : "",
        fp16 ? " with FP16" : "");
    boolean alike = true;
    try {
      for (Path folder : folders()) {
        ModelBundle model = ModelBundle.read(folder);
        if (precisions.contains(Precision.FP32)) {
          alike &= measure(model, "");
        }
        if (precisions.contains(Precision.FP16)) {
          alike &= measureRounded(model);
        }
      }
    } catch (DeviceException e) {
      return noDevice(String.valueOf(e.getMessage()));
    }
    System.out.println(
        alike
            ? "All answers are within the tolerance of the device."
            : "Some answers are beyond the tolerance of the device, see above.");
    return job() && alike ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Measures the whole job, as {@code benchmarks/run pipeline} does on the processor. */
  private boolean job() {
    if (jobForecasts == 0) {
      return true;
    }
    System.out.printf("%nThe whole job on %s%n", device);
    return new CommandLine(new PipelineBenchmark())
            .execute(
                "--parallelism=1", "--forecasts=" + jobForecasts, "--set=model.device=" + device)
        == ExitCode.OK;
  }

  private static int noDevice(String why) {
    System.out.println("There is nothing to measure: " + why);
    return NO_DEVICE;
  }

  private List<Path> folders() throws IOException {
    Path zoo = Path.of(System.getProperty("tidecast.root", ""), "models", "zoo");
    try (Stream<Path> all = Files.list(zoo)) {
      List<Path> found =
          all.filter(folder -> models.isEmpty() || models.contains(folder.getFileName().toString()))
              .map(folder -> folder.resolve("1"))
              .sorted()
              .toList();
      if (found.size() < models.size()) {
        throw new ParameterException(
            spec.commandLine(), "--models must be of the zoo: " + String.join(",", models));
      }
      return found;
    }
  }

  private boolean measureRounded(ModelBundle model) {
    ModelRounding rounded;
    try {
      rounded = ModelRounding.of(model, null, Architectures.registry());
    } catch (ModelException e) {
      System.out.printf("%s: TOO FAR: %s%n%n", model.manifest().id(), e.getMessage());
      return false;
    }
    return measure(
        rounded.bundle(),
        String.format(
            Locale.ROOT,
            " half precision moves its forecasts by up to %.2f %% of their spread;",
            100 * rounded.difference()));
  }

  private boolean measure(ModelBundle bundle, String precision) {
    DeviceOptions options =
        new DeviceOptions(
            device,
            DevicePolicy.REQUIRE,
            null,
            tf32,
            fp16,
            null,
            batches.stream().mapToInt(Integer::intValue).max().orElse(1));
    try (Subject processor = new Subject(OnnxForecaster.open(bundle, OnnxOptions.defaults()));
        Subject subject =
            new Subject(OnnxForecaster.open(bundle, OnnxOptions.defaults().on(options)))) {
      double tolerance = tolerance(bundle, options);
      Difference difference =
          Difference.of(
              processor.points(COMPARED),
              subject.points(COMPARED),
              bundle.manifest().spec().pointsSize(),
              tolerance);
      boolean alike = difference.windows() <= mayMove(bundle);
      System.out.printf(
          Locale.ROOT,
          "%s/%s: %s;%s greatest difference from the processor %.1e, allowed %.1e; %d of %d windows are beyond%s%n%n",
          bundle.manifest().id(),
          bundle.manifest().version(),
          subject.placement().sentence(),
          precision,
          difference.greatest(),
          tolerance,
          difference.windows(),
          COMPARED,
          alike ? "" : ": TOO FAR");
      System.out.println("| batch | windows/s | p50 of a run, ms | p99, ms |");
      System.out.println("|---:|---:|---:|---:|");
      for (int batch : batches) {
        Runs runs = Runs.measure(subject, batch, millis * 1_000_000);
        System.out.printf(
            Locale.ROOT,
            "| %d | %,.0f | %.3f | %.3f |%n",
            batch,
            runs.perSecond(),
            runs.p50Millis(),
            runs.p99Millis());
      }
      System.out.println();
      return alike;
    }
  }

  /** Of half precision, each device rounds elsewhere, as its golden vectors know. */
  private static double tolerance(ModelBundle bundle, DeviceOptions options) {
    return bundle.manifest().precision() == Precision.FP32
        ? options.tolerance()
        : Math.max(options.tolerance(), bundle.golden().relativeTolerance());
  }

  /** How many windows may be beyond: rounded, networks that choose places choose others in some. */
  private static int mayMove(ModelBundle bundle) {
    return bundle.manifest().precision() == Precision.FP32 ? 0 : COMPARED / 8;
  }

  /** Reads a device as a job file does. */
  static final class DeviceConverter implements CommandLine.ITypeConverter<Device> {
    @Override
    public Device convert(String text) {
      try {
        return Device.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(e.getMessage());
      }
    }
  }
}
