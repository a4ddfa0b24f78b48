package io.tidecast.benchmarks.inference;

import io.tidecast.runtime.bundle.ModelBundle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Prints what the batcher keeps of raw ONNX Runtime when it has always enough to do, and how long
 * windows wait for their forecasts when it has half of that, each against a reference of the same
 * run.
 */
public final class BatcherTable {

  private static final int BATCH = 128;
  private static final int RUNS = 5;
  private static final long SLICE_NANOS = 1_000_000_000;

  /** Until what is around a run is compiled. */
  private static final int WARM_SLICES = 8;

  private static final long LATENCY_NANOS = 3 * SLICE_NANOS;
  private static final long MOST_WARM_UP_NANOS = 45 * SLICE_NANOS;

  /** Compilers that take no more than this share of a processor rest. */
  private static final double REST = 0.01;

  private static final List<Duration> DELAYS =
      List.of(Duration.ZERO, Duration.ofMillis(2), Duration.ofMillis(10));

  private BatcherTable() {}

  /** Takes no arguments; {@code -Dtidecast.model} names another model. */
  public static void main(String[] arguments) throws Exception {
    ModelBundle bundle = Models.load();
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, one worker, one intra-op thread, batches of up to %d%n%n",
        bundle.manifest().id(),
        bundle.manifest().version(),
        BATCH);
    double perSecond = saturation(bundle);
    System.out.println();
    sharing(bundle);
    System.out.println();
    latencies(bundle, perSecond / 2);
  }

  /** Returns windows a second by the wall clock. */
  private static double saturation(ModelBundle bundle) {
    double[] raws = new double[RUNS];
    double[] workers = new double[RUNS];
    double[] alls = new double[RUNS];
    double[] perSecond = new double[RUNS];
    try (RawOnnx raw = new RawOnnx(bundle, 1, BATCH);
        BatcherLoad load = new BatcherLoad(bundle, BATCH, Duration.ZERO)) {
      Speed.measure(raw, BATCH, SLICE_NANOS);
      load.saturate(WARM_SLICES * SLICE_NANOS);
      for (int run = 0; run < RUNS; run++) {
        raws[run] = Speed.measure(raw, BATCH, SLICE_NANOS).cpuMicros();
        BatcherLoad.Saturated saturated = load.saturate(SLICE_NANOS);
        workers[run] = raws[run] / saturated.workerMicros();
        alls[run] = raws[run] / saturated.allMicros();
        perSecond[run] = saturated.perSecond();
      }
    }
    System.out.println("| always enough to do | windows per second of processor time | share |");
    System.out.println("|---|---:|---:|");
    double rawMicros = Median.of(Arrays.stream(raws));
    System.out.println(line("raw ONNX Runtime, batches of " + BATCH, rawMicros, 1));
    System.out.println(
        line(
            "the batcher's thread",
            rawMicros / Median.of(Arrays.stream(workers)),
            Median.of(Arrays.stream(workers))));
    System.out.println(
        line(
            "that and the one that hands over and takes",
            rawMicros / Median.of(Arrays.stream(alls)),
            Median.of(Arrays.stream(alls))));
    return Median.of(Arrays.stream(perSecond));
  }

  private static String line(String what, double micros, double share) {
    return String.format(Locale.ROOT, "| %s | %,.0f | %.3f |", what, 1e6 / micros, share);
  }

  /** Two users, each with a batcher of its own and both at one with as many workers, in turns. */
  private static void sharing(ModelBundle bundle) throws Exception {
    double[] apart = new double[RUNS];
    double[] together = new double[RUNS];
    for (int run = -1; run < RUNS; run++) {
      double its = BatcherPair.apart(bundle, BATCH).micros(SLICE_NANOS);
      double shared = BatcherPair.together(bundle, BATCH).micros(SLICE_NANOS);
      if (run >= 0) {
        apart[run] = its;
        together[run] = shared;
      }
    }
    System.out.println(
        "| two users that have always enough to do | windows per second of processor time, all threads | share |");
    System.out.println("|---|---:|---:|");
    System.out.println(line("a batcher each", Median.of(Arrays.stream(apart)), 1));
    System.out.println(
        line(
            "one with two workers",
            Median.of(Arrays.stream(together)),
            Median.of(Arrays.stream(apart)) / Median.of(Arrays.stream(together))));
  }

  private static void latencies(ModelBundle bundle, double perSecond) throws IOException {
    List<BatcherLoad> loads =
        DELAYS.stream().map(delay -> new BatcherLoad(bundle, BATCH, delay)).toList();
    try {
      double warmSeconds = warm(loads, perSecond);
      List<List<BatcherLoad.Latencies>> runs = DELAYS.stream().map(delay -> measured()).toList();
      for (int run = 0; run < RUNS; run++) {
        for (int i = 0; i < loads.size(); i++) {
          runs.get(i).add(loads.get(i).steady(perSecond, LATENCY_NANOS));
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%,.0f windows a second, half of what it bears, after %.0f s of warm-up; from request to result, ms, medians of %d runs"
              + " of each delay by turns%n%n",
          perSecond,
          warmSeconds,
          RUNS);
      System.out.println(
          "| max-batch-delay | windows a batch | p50 | p99 | p99 of an ideal batcher | p99 of a run | delay + 3 × that + 1 ms"
              + " | p99 as a share of it | of each run | waited for a processor | JIT |");
      System.out.println("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
      for (int i = 0; i < loads.size(); i++) {
        print(DELAYS.get(i).toNanos() / 1e6, runs.get(i));
      }
    } finally {
      loads.forEach(BatcherLoad::close);
    }
  }

  private static List<BatcherLoad.Latencies> measured() {
    return new ArrayList<>();
  }

  /**
   * Loads all of them by turns until the compilers rest: a compiler takes a processor for
   * milliseconds, and windows wait meanwhile.
   *
   * @return for how long, seconds
   */
  private static double warm(List<BatcherLoad> loads, double perSecond) throws IOException {
    long start = System.nanoTime();
    double compilers;
    do {
      compilers = 0;
      for (BatcherLoad load : loads) {
        compilers = Math.max(compilers, load.steady(perSecond, SLICE_NANOS).compilersShare());
      }
    } while (compilers > REST && System.nanoTime() - start < MOST_WARM_UP_NANOS);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void print(double delayMillis, List<BatcherLoad.Latencies> runs) {
    String each =
        runs.stream()
            .map(
                run ->
                    String.format(Locale.ROOT, "%.2f", run.p99Millis() / limit(run, delayMillis)))
            .collect(Collectors.joining(" "));
    System.out.printf(
        Locale.ROOT,
        "| %.0f ms | %.1f | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f | %s | %.1f %% | %.1f %% |%n",
        delayMillis,
        medianOf(runs, BatcherLoad.Latencies::windowsOfABatch),
        medianOf(runs, BatcherLoad.Latencies::p50Millis),
        medianOf(runs, BatcherLoad.Latencies::p99Millis),
        medianOf(runs, BatcherLoad.Latencies::idealP99Millis),
        medianOf(runs, BatcherLoad.Latencies::runP99Millis),
        medianOf(runs, run -> limit(run, delayMillis)),
        medianOf(runs, run -> run.p99Millis() / limit(run, delayMillis)),
        each,
        100 * medianOf(runs, BatcherLoad.Latencies::waitedShare),
        100 * medianOf(runs, BatcherLoad.Latencies::compilersShare));
  }

  private static double limit(BatcherLoad.Latencies run, double delayMillis) {
    return delayMillis + 3 * run.runP99Millis() + 1;
  }

  private static double medianOf(
      List<BatcherLoad.Latencies> runs, ToDoubleFunction<BatcherLoad.Latencies> figure) {
    return Median.of(runs.stream().mapToDouble(figure));
  }
}
