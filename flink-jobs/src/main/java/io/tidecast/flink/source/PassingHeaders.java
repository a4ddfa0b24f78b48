package io.tidecast.flink.source;

import io.tidecast.flink.metrics.JobMetric;
import io.tidecast.flink.metrics.JobMetrics;
import io.tidecast.flink.record.PassedHeaders;
import io.tidecast.flink.record.SourceRecord;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives records the headers that go onto forecasts, and counts those that stay behind. */
final class PassingHeaders {

  private static final Logger LOG = LoggerFactory.getLogger(PassingHeaders.class);

  private final PassedHeaders passed;
  private final @Nullable Counter refused;
  private boolean told;

  /**
   * @param metrics null where nobody counts
   */
  PassingHeaders(PassedHeaders passed, @Nullable JobMetrics metrics) {
    this.passed = passed;
    this.refused = metrics == null ? null : metrics.counter(JobMetric.REFUSED_HEADERS);
  }

  /** The record with those of its headers. */
  SourceRecord of(SourceRecord source, Headers headers) {
    return source.passing(
        passed.of(headers, (name, requirement) -> refuse(source, name, requirement)));
  }

  private void refuse(SourceRecord source, String name, String requirement) {
    if (refused != null) {
      refused.inc();
    }
    if (!told) {
      told = true;
      LOG.info(
          "Does not pass on the header {} of {}-{}@{}: it {}. Further ones are only counted, as {}.",
          name,
          source.topic(),
          source.partition(),
          source.offset(),
          requirement,
          JobMetric.REFUSED_HEADERS.metricName());
    }
  }
}
