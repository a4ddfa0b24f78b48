package io.tidecast.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What went into a job and what became of it.
 *
 * @param sent records
 * @param accepted observations that were read
 * @param refused records, or parts of them, that became dead letters as they were read
 * @param passedOver what was no observation and was not meant to be
 * @param counted dead letters by reason, as the job counted them
 * @param written dead letters by reason, as they stand in their topic
 * @param restarts of the job
 * @param canaries observations that nobody broke, all of one series and in order
 * @param answered forecasts of that series that hold what it reported
 */
record FuzzAccount(
    String format,
    long sent,
    long accepted,
    long refused,
    long passedOver,
    Map<String, Long> counted,
    Map<String, Long> written,
    int restarts,
    long canaries,
    long answered) {

  /** Says what does not hold; nothing when all does. */
  List<String> problems(int contextLength) {
    List<String> problems = new ArrayList<>();
    if (accepted + refused + passedOver < sent) {
      problems.add(
          "each record must be read, refused or passed over: %d of %d are not accounted for"
              .formatted(sent - accepted - refused - passedOver, sent));
    }
    if (!counted.equals(written)) {
      problems.add(
          "dead letters must be counted as they are written: counted %s, written %s"
              .formatted(counted, written));
    }
    if (restarts > 0) {
      problems.add("the job must not start again: restarts=" + restarts);
    }
    if (answered != canaries - contextLength + 1) {
      problems.add(
          "each forecast of what nobody broke must be made, and right: %d of %d"
              .formatted(answered, canaries - contextLength + 1));
    }
    return problems;
  }
}
