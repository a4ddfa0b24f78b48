package io.tidecast.flink;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * The groups in which Flink gives series to subtasks. Each subtask has whole groups, some of them
 * one more than others.
 *
 * @param parallelism of the job
 * @param count of groups, {@code pipeline.max-parallelism}
 */
public record KeyGroups(int parallelism, int count) {

  /** With so many groups for each subtask, all have as many. */
  private static final int ENOUGH_FOR_EACH = 10;

  /** As many as Flink takes by itself. */
  public static KeyGroups byDefault(int parallelism) {
    return new KeyGroups(
        parallelism, KeyGroupRangeAssignment.computeDefaultMaxParallelism(parallelism));
  }

  /** As many as each subtask has ten of, or all that Flink has. */
  public static KeyGroups even(int parallelism) {
    return new KeyGroups(
        parallelism,
        Math.min(
            ENOUGH_FOR_EACH * parallelism, KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM));
  }

  /** What the fullest subtask has, as a multiple of its even share. */
  public double fullest() {
    int most = (count + parallelism - 1) / parallelism;
    return (double) most * parallelism / count;
  }
}
