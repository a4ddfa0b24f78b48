package io.tidecast.benchmarks;

import io.tidecast.runtime.ModelBundle;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints what share of raw ONNX Runtime the forecaster keeps, per batch size, from one run.
 *
 * <p>The two take turns in short slices, and a share is the median over the rounds, so that what
 * else the machine does falls on both alike. With one intra-op thread all work is the calling
 * thread's, hence speed is given per second of its processor time too, which a busy machine does
 * not blur.
 */
public final class RatioTable {

  private static final int[] BATCHES = {1, 8, 32, 128, 512};
  private static final int ROUNDS = 11;
  private static final long SLICE_NANOS = 300_000_000;
  private static final long WARM_UP_NANOS = 1_500_000_000;

  private RatioTable() {}

  /** Takes no arguments; {@code -Dtidecast.model} names another model. */
  public static void main(String[] arguments) {
    ModelBundle bundle = Models.load();
    System.out.printf(
        Locale.ROOT,
        "Model %s/%s, one intra-op thread; windows per second of processor time (of wall clock)%n%n",
        bundle.manifest().id(),
        bundle.manifest().version());
    System.out.println("| batch | raw ONNX Runtime | forecaster | share |");
    System.out.println("|---:|---:|---:|---:|");
    for (int batch : BATCHES) {
      System.out.println(row(bundle, batch));
    }
  }

  private static String row(ModelBundle bundle, int batch) {
    try (Contender raw = new RawOnnx(bundle, 1, batch);
        Contender forecaster = new ForecasterPath(bundle, 1, batch)) {
      Speed.measure(raw, batch, WARM_UP_NANOS);
      Speed.measure(forecaster, batch, WARM_UP_NANOS);
      Speed[] rawSlices = new Speed[ROUNDS];
      Speed[] forecasterSlices = new Speed[ROUNDS];
      double[] shares = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        rawSlices[round] = Speed.measure(raw, batch, SLICE_NANOS);
        forecasterSlices[round] = Speed.measure(forecaster, batch, SLICE_NANOS);
        shares[round] = rawSlices[round].cpuMicros() / forecasterSlices[round].cpuMicros();
      }
      return String.format(
          Locale.ROOT,
          "| %d | %s | %s | %.3f |",
          batch,
          speed(rawSlices),
          speed(forecasterSlices),
          median(shares));
    }
  }

  private static String speed(Speed[] slices) {
    return String.format(
        Locale.ROOT,
        "%,.0f (%,.0f)",
        median(Arrays.stream(slices).mapToDouble(slice -> 1e6 / slice.cpuMicros()).toArray()),
        median(Arrays.stream(slices).mapToDouble(Speed::perSecond).toArray()));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
