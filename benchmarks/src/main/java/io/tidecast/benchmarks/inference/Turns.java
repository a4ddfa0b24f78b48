package io.tidecast.benchmarks.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Two contenders that take turns in short slices, so that what else the machine does falls on both
 * alike. With one intra-op thread all work is the calling thread's, hence speed is given per second
 * of its processor time too, which a busy machine does not blur.
 */
public record Turns(Speed[] first, Speed[] second) {

  /**
   * How long they take turns.
   *
   * @param sliceNanos processor time of a slice, which is one run where that takes longer
   * @param warmUpNanos processor time before the first slice
   */
  public record Length(int rounds, long sliceNanos, long warmUpNanos) {

    /** What a figure takes that is to be told. */
    public static final Length FULL = new Length(11, 300_000_000, 1_500_000_000);
  }

  static Turns of(Contender first, Contender second, int batch) {
    return of(first, second, batch, Length.FULL);
  }

  /** Lets two contenders for the same batch take turns. */
  public static Turns of(Contender first, Contender second, int batch, Length length) {
    Speed.measure(first, batch, length.warmUpNanos());
    Speed.measure(second, batch, length.warmUpNanos());
    Speed[] firstSlices = new Speed[length.rounds()];
    Speed[] secondSlices = new Speed[length.rounds()];
    for (int round = 0; round < length.rounds(); round++) {
      firstSlices[round] = Speed.measure(first, batch, length.sliceNanos());
      secondSlices[round] = Speed.measure(second, batch, length.sliceNanos());
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
  public double ratio() {
    return Median.of(
        IntStream.range(0, first.length)
            .mapToDouble(round -> first[round].cpuMicros() / second[round].cpuMicros()));
  }

  private static String speed(Speed[] slices) {
    return String.format(
        Locale.ROOT,
        "%,.0f (%,.0f)",
        perCpuSecond(slices),
        Median.of(Arrays.stream(slices).mapToDouble(Speed::perSecond)));
  }

  /** The median of windows per second of processor time of the first. */
  public double firstPerCpuSecond() {
    return perCpuSecond(first);
  }

  /** The median of windows per second of processor time of the second. */
  public double secondPerCpuSecond() {
    return perCpuSecond(second);
  }

  private static double perCpuSecond(Speed[] slices) {
    return Median.of(Arrays.stream(slices).mapToDouble(slice -> 1e6 / slice.cpuMicros()));
  }
}
