package io.tidecast.flink.sink.record;

import static java.util.Objects.requireNonNull;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.RecordOrigin;
import io.tidecast.flink.record.Rejection;
import io.tidecast.schemas.ErrorCode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts dead letters by their reason, and shows the first of each in the log and in a metric. One
 * thread uses it.
 */
final class DeadLetterTally {

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTally.class);

  private final JobMetrics metrics;
  private final Map<ErrorCode, Counter> counters = new EnumMap<>(ErrorCode.class);
  private final Set<ErrorCode> shown = EnumSet.noneOf(ErrorCode.class);

  DeadLetterTally(JobMetrics metrics) {
    this.metrics = metrics;
    for (ErrorCode code : ErrorCode.values()) {
      counters.put(code, metrics.counter(JobMetric.DEAD_LETTERS, code.code()));
    }
  }

  void count(Rejection rejection) {
    requireNonNull(counters.get(rejection.code()), "every code has a counter").inc();
    if (shown.add(rejection.code())) {
      String example = example(rejection);
      metrics.text(JobMetric.DEAD_LETTER_EXAMPLE, rejection.code().code(), () -> example);
      LOG.info(
          "Dead letter for the reason {}: {}. Further ones are only counted, in {}.",
          rejection.code().code(),
          example,
          JobMetric.DEAD_LETTERS.metricName());
    }
  }

  private static String example(Rejection rejection) {
    RecordOrigin source = rejection.source();
    String place =
        source == null
            ? "series " + rejection.series()
            : "%s-%d@%d".formatted(source.topic(), source.partition(), source.offset());
    return place + ": " + rejection.detail();
  }
}
