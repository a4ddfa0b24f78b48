package io.tidecast.benchmarks.inference;

import java.util.Arrays;
import java.util.Locale;

/**
 * Two contenders that take turns in short slices, so that what else the machine does falls on both
 * alike. With one intra-op thread all work is the calling thread's, hence speed is given per second
 * of its processor time too, which a busy machine does not blur.
 */
record Turns(Speed[] first, Speed[] second) {

  private static final int ROUNDS = 11;
  private static final long SLICE_NANOS = 300_000_000;
  private static final long WARM_UP_NANOS = 1_500_000_000;

  static Turns of(Contender first, Contender second, int batch) {
    Speed.measure(first, batch, WARM_UP_NANOS);
    Speed.measure(second, batch, WARM_UP_NANOS);
    Speed[] firstSlices = new Speed[ROUNDS];
    Speed[] secondSlices = new Speed[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      firstSlices[round] = Speed.measure(first, batch, SLICE_NANOS);
      secondSlices[round] = Speed.measure(second, batch, SLICE_NANOS);
    }
    return new Turns(firstSlices, secondSlices);
  }

  /**
   * Writes the line of a table: batch, windows per second of both, and the median of the second's
   * share.
   */
  String line(int batch) {
    double[] shares = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      shares[round] = first[round].cpuMicros() / second[round].cpuMicros();
    }
    return String.format(
        Locale.ROOT, "| %d | %s | %s | %.3f |", batch, speed(first), speed(second), median(shares));
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
