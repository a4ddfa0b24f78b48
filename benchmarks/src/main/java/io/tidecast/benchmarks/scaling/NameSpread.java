package io.tidecast.benchmarks.scaling;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * How names spread over the subtasks of a job, each given to one by Flink's own code.
 *
 * @param ofSubtasks how many each has, in their order
 */
record NameSpread(long[] ofSubtasks) {

  /**
   * Spreads the names of so many series, with as many key groups as Flink takes for such a
   * parallelism by itself.
   *
   * @param name of the series of a number
   */
  static NameSpread of(int series, int parallelism, IntFunction<String> name) {
    return of(
        series,
        parallelism,
        KeyGroupRangeAssignment.computeDefaultMaxParallelism(parallelism),
        name);
  }

  /** Spreads them over so many key groups. */
  static NameSpread of(int series, int parallelism, int keyGroups, IntFunction<String> name) {
    long[] ofGroups = new long[keyGroups];
    for (int i = 0; i < series; i++) {
      ofGroups[KeyGroupRangeAssignment.assignToKeyGroup(name.apply(i), keyGroups)]++;
    }
    long[] ofSubtasks = new long[parallelism];
    for (int group = 0; group < keyGroups; group++) {
      ofSubtasks[
              KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                  keyGroups, parallelism, group)] +=
          ofGroups[group];
    }
    return new NameSpread(ofSubtasks);
  }

  long series() {
    return Arrays.stream(ofSubtasks).sum();
  }

  /** What the fullest subtask has, as a multiple of its even share. */
  double fullestSubtask() {
    return fullestTaskManager(1);
  }

  /**
   * What the fullest task manager has, as a multiple of its even share: the fullest subtasks may
   * all be in one.
   *
   * @param slots of each
   */
  double fullestTaskManager(int slots) {
    long[] sorted = ofSubtasks.clone();
    Arrays.sort(sorted);
    long most = 0;
    for (int i = sorted.length - 1; i >= Math.max(0, sorted.length - slots); i--) {
      most += sorted[i];
    }
    double even = (double) series() * Math.min(slots, sorted.length) / sorted.length;
    return most / even;
  }
}
