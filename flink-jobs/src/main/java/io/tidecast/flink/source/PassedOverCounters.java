package io.tidecast.flink.source;

import io.tidecast.flink.grid.Spelling;
import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.PassedOver;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;

/** Counts what is passed over, by reason. A reason has a counter once there was one. One thread. */
final class PassedOverCounters {

  private final JobMetrics metrics;
  private final Map<PassedOver.Reason, Counter> counters = new EnumMap<>(PassedOver.Reason.class);

  PassedOverCounters(JobMetrics metrics) {
    this.metrics = metrics;
  }

  void count(PassedOver passed) {
    counters
        .computeIfAbsent(
            passed.reason(),
            reason -> metrics.counter(JobMetric.PASSED_OVER_RECORDS, Spelling.of(reason)))
        .inc(passed.count());
  }
}
