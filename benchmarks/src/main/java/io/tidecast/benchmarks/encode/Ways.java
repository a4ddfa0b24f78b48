package io.tidecast.benchmarks.encode;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Ways that take turns in short slices, so that what else the machine does falls on all alike. All
 * of their work is the calling thread's, whose processor time a busy machine does not blur.
 */
final class Ways {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 11;
  private static final int WARM_UP_ROUNDS = 3;
  private static final long SLICE_NANOS = 150_000_000;
  private static final int CALLS_BETWEEN_LOOKS = 500;

  private int kept;

  /** Prints a line for each way: its nanoseconds a record, and how many of the first it takes. */
  void print(String what, List<Way> ways) throws Exception {
    System.out.printf(Locale.ROOT, "%n| %s | ns of processor time | times the first |%n", what);
    System.out.println("|---|---:|---:|");
    double[][] nanos = new double[ways.size()][ROUNDS];
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (int i = 0; i < ways.size(); i++) {
        double one = slice(ways.get(i));
        if (round >= 0) {
          nanos[i][round] = one;
        }
      }
    }
    double first = median(nanos[0]);
    for (int i = 0; i < ways.size(); i++) {
      double own = median(nanos[i]);
      System.out.printf(
          Locale.ROOT, "| %s | %,.0f | %.2f |%n", ways.get(i).name(), own, own / first);
    }
  }

  private double slice(Way way) throws Exception {
    long begin = THREADS.getCurrentThreadCpuTime();
    long now;
    int turn = 0;
    do {
      for (int i = 0; i < CALLS_BETWEEN_LOOKS; i++) {
        kept += way.step().run(turn++);
      }
      now = THREADS.getCurrentThreadCpuTime();
    } while (now - begin < SLICE_NANOS);
    return (double) (now - begin) / turn;
  }

  /** What the ways made, in one number that means nothing. */
  int kept() {
    return kept;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
