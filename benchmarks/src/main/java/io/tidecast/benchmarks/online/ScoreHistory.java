package io.tidecast.benchmarks.online;

import java.util.Arrays;

/** The absolute errors so far, in order of size. */
final class ScoreHistory {
  private double[] sorted = new double[64];
  private int size;

  void add(double score) {
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, 2 * size);
    }
    int at = Arrays.binarySearch(sorted, 0, size, score);
    int place = at < 0 ? -at - 1 : at;
    System.arraycopy(sorted, place, sorted, place + 1, size - place);
    sorted[place] = score;
    size++;
  }

  /** Returns the least score that so much of them reach up to; 0 where there is none. */
  double quantile(double share) {
    double within = Math.max(0, Math.min(1, share));
    return size == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(within * size - 1e-12) - 1)];
  }

  /** Returns which share of the scores is no greater. */
  double share(double score) {
    int count = 0;
    while (count < size && sorted[count] <= score) {
      count++;
    }
    return size == 0 ? 0 : (double) count / size;
  }
}
