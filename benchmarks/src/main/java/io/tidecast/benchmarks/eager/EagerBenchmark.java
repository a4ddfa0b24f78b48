package io.tidecast.benchmarks.eager;

import io.tidecast.architectures.ArchitectureConfig;
import io.tidecast.benchmarks.inference.ForecasterPath;
import io.tidecast.benchmarks.inference.Turns;
import io.tidecast.benchmarks.stream.Figures;
import io.tidecast.training.torch.Torch;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Windows for each second of processor time of our forecasters, as a multiple of the same networks
 * with the same weights run op by op in torch, as PyTorch's users run them; by turns, in one run,
 * one thread each.
 */
@Command(
    name = "benchmarks/run eager",
    mixinStandardHelpOptions = true,
    description =
        "Measure the windows per second of processor time of each network, as a multiple of torch running it op by op.")
public final class EagerBenchmark implements Callable<Integer> {

  /** Until what lies around torch and ONNX Runtime is compiled, which small batches are full of. */
  private static final long WARM_UP_NANOS = 1_500_000_000;

  @Option(
      names = "--network",
      split = ",",
      description = "Measure these networks; all without. An unknown name is answered by the list.")
  private List<String> names = Networks.names();

  @Option(
      names = "--batch",
      split = ",",
      defaultValue = "1,32,128,512",
      description = "Measure batches of so many windows (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Let each have so many turns, and give medians (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--slice-millis",
      defaultValue = "300",
      description =
          "Let a turn take so long, or one batch where that takes longer (default: ${DEFAULT-VALUE}).")
  private int sliceMillis;

  /** Exits with 0 when everything was measured, and both gave the same forecasts. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new EagerBenchmark()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Torch.useThreads(1);
    System.out.printf(
        "Windows per second of processor time, one thread; the difference is that of the forecasts, in deviations%n%n");
    System.out.println("| network | batch | torch, op by op | forecaster | ratio | difference |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    Figures figures = new Figures();
    for (String name : names) {
      Network<?> network = Networks.named(name);
      for (int batch : batches) {
        measure(network, batch, figures);
      }
    }
    figures.print();
    return 0;
  }

  private <C extends ArchitectureConfig> void measure(
      Network<C> network, int batch, Figures figures) {
    long slice = sliceMillis * 1_000_000L;
    Turns.Length length = new Turns.Length(rounds, slice, Math.max(WARM_UP_NANOS, 3 * slice));
    try (EagerTorch<C> torch = new EagerTorch<>(network, batch);
        ForecasterPath ours = new ForecasterPath(network.bundle(), 1, batch)) {
      double difference = Agreement.require(network, batch, torch, ours);
      Turns turns = Turns.of(torch, ours, batch, length);
      figures.put("eager." + network.name() + "." + batch + ".ratio", turns.ratio());
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %,.0f | %,.0f | %.2f | %.1e |%n",
          network.name(),
          batch,
          turns.firstPerCpuSecond(),
          turns.secondPerCpuSecond(),
          turns.ratio(),
          difference);
    }
  }
}
