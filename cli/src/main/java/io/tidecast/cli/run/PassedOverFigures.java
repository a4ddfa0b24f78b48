package io.tidecast.cli.run;

import static io.tidecast.flink.metrics.JobMetric.PASSED_OVER_RECORDS;

import io.tidecast.cli.meter.JobFigures;
import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.record.PassedOver;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a job has passed over as it was meant to, and what it was perhaps not meant to.
 *
 * @param byReason records, or observations that records would have, that are none for the reason
 * @param unread elements of arrays that the mapping does not name although it names others
 */
record PassedOverFigures(Map<String, Long> byReason, long unread) {

  static final String NOT_ASKED_FOR = Spelling.of(PassedOver.Reason.NOT_ASKED_FOR);
  static final String NO_ELEMENTS = Spelling.of(PassedOver.Reason.NO_ELEMENTS);
  private static final String UNREAD = Spelling.of(PassedOver.Reason.NOT_IN_THE_MAPPING);

  static PassedOverFigures of(JobFigures figures) {
    Map<String, Long> byReason = figures.byReason(PASSED_OVER_RECORDS);
    Long unread = byReason.remove(UNREAD);
    return new PassedOverFigures(byReason, unread == null ? 0 : unread);
  }

  long sum() {
    return byReason.values().stream().mapToLong(Long::longValue).sum();
  }

  long of(String reason) {
    return byReason.getOrDefault(reason, 0L);
  }

  /** Returns the end of a list of figures; nothing where there is nothing to say. */
  String described() {
    return sum() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            ", %,d passed over (%s)",
            sum(),
            byReason.entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%,d %s", one.getValue(), one.getKey()))
                .collect(Collectors.joining(", ")));
  }
}
