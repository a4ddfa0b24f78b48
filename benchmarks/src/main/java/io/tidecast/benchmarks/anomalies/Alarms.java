package io.tidecast.benchmarks.anomalies;

import java.util.Arrays;
import java.util.List;

/**
 * How a rule sees the cells of a set: the greater the score, the stranger.
 *
 * @param scores {@code [cell]}; 0 where there is nothing to tell
 */
record Alarms(LabelledSet set, double[] scores) {

  /** The cells at which a threshold makes an alarm; none for a while after one. */
  boolean[] at(double threshold, int coolDown) {
    boolean[] alarms = new boolean[scores.length];
    int next = set.firstCounted();
    for (int cell = next; cell < scores.length; cell++) {
      if (cell >= next && scores[cell] >= threshold) {
        alarms[cell] = true;
        next = cell + coolDown + 1;
      }
    }
    return alarms;
  }

  int outside(double threshold, int coolDown) {
    boolean[] alarms = at(threshold, coolDown);
    int outside = 0;
    for (int cell = 0; cell < alarms.length; cell++) {
      outside += alarms[cell] && !set.isLabelled(cell) ? 1 : 0;
    }
    return outside;
  }

  int found(double threshold, int coolDown) {
    boolean[] alarms = at(threshold, coolDown);
    int found = 0;
    for (LabelledSet.Window window : set.windows()) {
      boolean isFound = false;
      for (int cell = window.first(); cell <= window.last(); cell++) {
        isFound |= alarms[cell];
      }
      found += isFound ? 1 : 0;
    }
    return found;
  }

  /** The least threshold with at most so many alarms outside of the windows of all sets. */
  static double threshold(List<Alarms> all, int coolDown, int most) {
    double[] scores =
        all.stream()
            .flatMapToDouble(one -> Arrays.stream(one.scores))
            .filter(score -> score > 0)
            .distinct()
            .sorted()
            .toArray();
    int low = 0;
    int high = scores.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double threshold = scores[middle];
      int outside = all.stream().mapToInt(one -> one.outside(threshold, coolDown)).sum();
      if (outside <= most) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low < scores.length ? scores[low] : Double.POSITIVE_INFINITY;
  }
}
