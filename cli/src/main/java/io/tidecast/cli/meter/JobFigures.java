package io.tidecast.cli.meter;

import io.tidecast.flink.metrics.JobMetric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metrics of a job at one moment, those of all its subtasks. One thread puts values in, and
 * only then reads.
 */
public final class JobFigures {

  private final Map<JobMetric, List<Long>> values = new EnumMap<>(JobMetric.class);
  private final Map<JobMetric, Map<String, Long>> byReason = new EnumMap<>(JobMetric.class);
  private final Map<String, String> examples = new TreeMap<>();
  private final Map<String, Long> watermarks = new TreeMap<>();
  private final Map<JobMetric, Long> earlier = new EnumMap<>(JobMetric.class);
  private boolean goesOn;

  /** Puts in the value of one subtask. */
  public JobFigures with(JobMetric metric, long value) {
    values.computeIfAbsent(metric, none -> new ArrayList<>()).add(value);
    return this;
  }

  /** Puts in the value of one subtask for one reason. */
  public JobFigures with(JobMetric metric, String reason, long value) {
    byReason.computeIfAbsent(metric, none -> new TreeMap<>()).merge(reason, value, Long::sum);
    return with(metric, value);
  }

  /** Puts in the example of a dead letter; one of a reason is kept. */
  public JobFigures withExample(String reason, String example) {
    examples.putIfAbsent(reason, example);
    return this;
  }

  /**
   * Puts in how far the times of a partition have come.
   *
   * @param millis {@link Long#MIN_VALUE} without any observation
   */
  public JobFigures withWatermark(String partition, long millis) {
    watermarks.put(partition, millis);
    return this;
  }

  /** Puts in what subtasks had counted before they were started again. */
  public JobFigures withEarlier(JobMetric metric, long count) {
    earlier.merge(metric, count, Long::sum);
    return this;
  }

  /** Puts in that the job goes on from a checkpoint: it has series that it counted nothing of. */
  public JobFigures withGoingOn() {
    goesOn = true;
    return this;
  }

  /** Whether the job goes on from a checkpoint, and has series that it counted nothing of. */
  public boolean goesOn() {
    return goesOn;
  }

  /** Adds the values of all subtasks and reasons. */
  public long sum(JobMetric metric) {
    return of(metric).stream().mapToLong(Long::longValue).sum();
  }

  /** Adds what subtasks had counted before they were started again, too. */
  public long sumOfAllAttempts(JobMetric metric) {
    return sum(metric) + earlier.getOrDefault(metric, 0L);
  }

  /** Whether subtasks had counted anything before they were started again. */
  public boolean hasEarlier() {
    return earlier.values().stream().anyMatch(count -> count > 0);
  }

  /** Finds the least value; {@link Long#MAX_VALUE} without any. */
  public long least(JobMetric metric) {
    return of(metric).stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
  }

  /** Finds the greatest value; {@link Long#MIN_VALUE} without any. */
  public long greatest(JobMetric metric) {
    return of(metric).stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE);
  }

  /** How many subtasks, and of each how many reasons, have a value. */
  public int size(JobMetric metric) {
    return of(metric).size();
  }

  /** The sums of all subtasks by reason, without those that are 0. */
  public Map<String, Long> byReason(JobMetric metric) {
    Map<String, Long> counted = new TreeMap<>(byReason.getOrDefault(metric, Map.of()));
    counted.values().removeIf(count -> count == 0);
    return counted;
  }

  public long of(JobMetric metric, String reason) {
    return byReason.getOrDefault(metric, Map.of()).getOrDefault(reason, 0L);
  }

  /** Whether a counter was ever above 0, in this attempt or in one before. */
  public boolean hasCounted(JobMetric metric) {
    return sumOfAllAttempts(metric) > 0;
  }

  /** One dead letter of each reason, in words. */
  public Map<String, String> examples() {
    return examples;
  }

  /** How far the times of each partition have come. */
  public Map<String, Long> watermarks() {
    return watermarks;
  }

  private List<Long> of(JobMetric metric) {
    return values.getOrDefault(metric, List.of());
  }
}
