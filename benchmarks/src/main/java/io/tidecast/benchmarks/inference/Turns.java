package io.tidecast.benchmarks.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

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
    return String.format(
        Locale.ROOT, "| %d | %s | %s | %.3f |", batch, speed(first), speed(second), ratio());
  }

  /** The median of how many windows the second makes for one of the first, by processor time. */
  double ratio() {
    return Median.of(
        IntStream.range(0, ROUNDS)
            .mapToDouble(round -> first[round].cpuMicros() / second[round].cpuMicros()));
  }

  private static String speed(Speed[] slices) {
    return String.format(
        Locale.ROOT,
        "%,.0f (%,.0f)",
        perCpuSecond(slices),
        Median.of(Arrays.stream(slices).mapToDouble(Speed::perSecond)));
  }

  /** The median of windows per second of processor time. */
  static double perCpuSecond(Speed[] slices) {
    return Median.of(Arrays.stream(slices).mapToDouble(slice -> 1e6 / slice.cpuMicros()));
  }
}
