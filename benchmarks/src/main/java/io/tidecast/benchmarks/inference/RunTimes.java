package io.tidecast.benchmarks.inference;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Keeps how long runs of a model took, and of how many windows. One thread writes. */
final class RunTimes {

  private static final int MOST = 1 << 20;

  private final long[] nanos = new long[MOST];
  private final int[] windows = new int[MOST];
  private volatile int size;

  void clear() {
    size = 0;
  }

  /** Takes a run in; there is room for a million. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
  void add(int itsWindows, long itsNanos) {
    if (size < MOST) {
      nanos[size] = itsNanos;
      windows[size] = itsWindows;
      size++;
    }
  }

  int count() {
    return size;
  }

  /** Their 99th percentile. */
  long p99Nanos() {
    long[] sorted = Arrays.copyOf(nanos, size);
    Arrays.sort(sorted);
    return percentile(sorted, .99);
  }

  /**
   * Says how long a run of so many windows takes: the median of those that there were, or else what
   * lies on the line between the next sizes below and above. There must be a run.
   */
  IntToLongFunction usual() {
    NavigableMap<Integer, Long> medians = new TreeMap<>();
    IntStream.range(0, size)
        .boxed()
        .collect(Collectors.groupingBy(run -> windows[run]))
        .forEach(
            (ofWindows, runs) ->
                medians.put(
                    ofWindows, (long) Median.of(runs.stream().mapToDouble(run -> nanos[run]))));
    return ofWindows -> between(medians, ofWindows);
  }

  private static long between(NavigableMap<Integer, Long> medians, int windows) {
    Map.Entry<Integer, Long> below = medians.floorEntry(windows);
    Map.Entry<Integer, Long> above = medians.ceilingEntry(windows);
    if (below == null) {
      return above.getValue();
    }
    if (above == null) {
      return below.getValue() * windows / below.getKey();
    }
    int distance = above.getKey() - below.getKey();
    return distance == 0
        ? below.getValue()
        : below.getValue()
            + (above.getValue() - below.getValue()) * (windows - below.getKey()) / distance;
  }

  static long percentile(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
  }
}
